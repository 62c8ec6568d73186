"""A synthetic province that knows its own truth: people, a day's journeys and scans, every planted fault and every true meeting."""
