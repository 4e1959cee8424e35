//! People, the service and programs at the same files.
