"""What a person sees and does, in a real browser, on a whole installation with the simulator as Meta."""
