"""The runtime: platform traffic in, platform traffic out."""
