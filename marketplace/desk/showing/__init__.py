"""What the pages of the desk show around their forms."""
