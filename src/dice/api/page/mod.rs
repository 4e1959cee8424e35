//! The small page at `/`: rooms and dice in a browser, with and without its script.

pub mod access_page;
pub mod files;
pub mod frame;
pub mod home_page;
pub mod page_routes;
pub mod table_page;
