"""What every page stands on: state, sidebar, loaders, jobs, exports."""
