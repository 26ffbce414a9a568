"""The marketplace around booking and payments. Imports nothing: the composition root is `marketplace.app`."""
