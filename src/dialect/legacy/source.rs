//! Where the rules of FlickRocket are known from: its help page, and the source of the framework behind it.

pub(super) const HELP_PAGE: &str = "FlickRocket API help, PUT api2/access_groups/{id}.json \
     (https://admin.flickrocket.com/Help/Api/PUT-api2-access_groups-id.json)";
pub(super) const NAMING: &str = "no page; the naming convention of the sibling resources, and the style of PUT \
     api2/access_groups/{id}.json (https://admin.flickrocket.com/Help/Api/PUT-api2-access_groups-id.json)";
pub(super) const FRAMEWORK: &str = "ASP.NET Web API 2, texts of src/System.Web.Http/Properties/SRResources.resx \
     (https://github.com/aspnet/AspNetWebStack)";
