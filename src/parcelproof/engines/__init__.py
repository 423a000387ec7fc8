"""The engines that run the product's SQL."""
