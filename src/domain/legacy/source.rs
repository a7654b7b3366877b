//! Sources of the emulated behavior: FlickRocket's help page, and the source code of the framework that it uses.

pub const HELP_PAGE: &str = "FlickRocket API help, PUT api2/access_groups/{id}.json \
     (https://admin.flickrocket.com/Help/Api/PUT-api2-access_groups-id.json)";
pub const NAMING: &str = "no help page exists; modeled on the names of the sibling resources and on the format of PUT \
     api2/access_groups/{id}.json (https://admin.flickrocket.com/Help/Api/PUT-api2-access_groups-id.json)";
pub const FRAMEWORK: &str = "ASP.NET Web API 2, messages in src/System.Web.Http/Properties/SRResources.resx \
     (https://github.com/aspnet/AspNetWebStack)";
