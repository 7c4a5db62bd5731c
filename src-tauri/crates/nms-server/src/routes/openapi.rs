//! The contract as an OpenAPI document: generated from the handlers and their types, completed with what all of them
//! share. The gate reads from it who may call what.

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use nms_api::problem::MEDIA_TYPE;
use nms_api::{NewToken, Problem, Slug, TokenChanges};
use utoipa::openapi::link::Link;
use utoipa::openapi::path::{Operation, Parameter, PathItem};
use utoipa::openapi::schema::ArrayItems;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{
    Components, Content, InfoBuilder, LicenseBuilder, ObjectBuilder, OpenApi, OpenApiBuilder, Ref, RefOr,
    ResponseBuilder, Schema, Type,
};
use utoipa::{PartialSchema, ToSchema};

use crate::asked::Asked;
use crate::catalogue;
use crate::problems::Answer;
use crate::state::App;

/// This document.
#[utoipa::path(
    get,
    path = "/openapi.json",
    operation_id = "read_openapi",
    security(()),
    responses((status = 200, description = "OpenAPI 3.1.", content_type = "application/json"))
)]
pub(crate) async fn document(State(app): State<App>, asked: Asked) -> Answer<Response> {
    asked.no_query()?;
    Ok(([(CONTENT_TYPE, "application/json")], app.document.clone()).into_response())
}

/// What the document begins with.
pub(crate) fn preamble() -> OpenApi {
    let info = InfoBuilder::new()
        .title("The NMS token API")
        .version("1")
        .description(Some("API tokens of a network management system: made, listed, edited, deleted, used."))
        .license(Some(LicenseBuilder::new().name("MIT").identifier(Some("MIT")).build()))
        .build();
    let mut components = Components::new();
    components.add_security_scheme("session", bearer("A person's session at the app."));
    components.add_security_scheme("token", bearer("An API token, `pnms_pat_…`."));
    components.schemas.insert(Problem::name().into_owned(), Problem::schema());
    OpenApiBuilder::new().info(info).components(Some(components)).build()
}

fn bearer(description: &str) -> SecurityScheme {
    let mut scheme = Http::new(HttpAuthScheme::Bearer);
    scheme.description = Some(description.to_owned());
    SecurityScheme::Http(scheme)
}

/// The document with the problems that each operation can answer.
pub(crate) fn completed(mut document: OpenApi) -> OpenApi {
    for (path, item) in &mut document.paths.paths {
        let has_id = path.contains("{id}");
        for operation in operations(item) {
            add_problems(operation, has_id);
        }
    }
    add_links(&mut document);
    if let Some(components) = &mut document.components {
        name_permissions(components);
    }
    document
}

/// The schema of a permission that a token can be given here.
const GRANTABLE: &str = "GrantablePermission";

/// Says which permissions a token can be given: the catalogue knows them, the types of the contract do not.
fn name_permissions(components: &mut Components) {
    let grantable = catalogue::all().into_iter().filter(catalogue::is_grantable).map(|name| name.to_string());
    let names = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(grantable)).build();
    components.schemas.insert(GRANTABLE.to_owned(), RefOr::T(names.into()));
    for request in [NewToken::name(), TokenChanges::name()] {
        if let Some(RefOr::T(Schema::Object(members))) = components.schemas.get_mut(request.as_ref())
            && let Some(RefOr::T(Schema::Array(list))) = members.properties.get_mut("permissions")
        {
            list.items = ArrayItems::RefOrSchema(Box::new(Ref::from_schema_name(GRANTABLE).into()));
        }
    }
}

/// Leads from the answer in which a token is made to each operation on that token, as it was answered.
fn add_links(document: &mut OpenApi) {
    let links: Vec<(String, Link)> = document
        .paths
        .paths
        .iter_mut()
        .filter(|(path, _)| path.contains("{id}"))
        .flat_map(|(_, item)| operations(item))
        .filter_map(|operation| Some((operation.operation_id.clone()?, link(operation)?)))
        .collect();
    for operation in document.paths.paths.values_mut().flat_map(operations) {
        if let Some(RefOr::T(made)) = operation.responses.responses.get_mut("201")
            && has_header(operation.parameters.as_deref(), "Idempotency-Key")
        {
            made.links.extend(links.iter().map(|(name, link)| (name.clone(), RefOr::T(link.clone()))));
        }
    }
}

fn link(operation: &Operation) -> Option<Link> {
    let link =
        Link::builder().operation_id(operation.operation_id.clone()?).parameter("id", "$response.body#/token/id");
    let is_conditional = has_header(operation.parameters.as_deref(), "If-Match");
    let link = if is_conditional { link.parameter("If-Match", "$response.body#/token/etag") } else { link };
    Some(link.build())
}

fn has_header(parameters: Option<&[RefOr<Parameter>]>, name: &str) -> bool {
    parameters.into_iter().flatten().any(|parameter| matches!(parameter, RefOr::T(known) if known.name == name))
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.post, &mut item.patch, &mut item.put, &mut item.delete].into_iter().flatten()
}

fn add_problems(operation: &mut Operation, has_id: bool) {
    let always = [
        Slug::ForeignHost,
        Slug::ForeignOrigin,
        Slug::BodyTooLarge,
        Slug::Syntax,
        Slug::Invalid,
        Slug::RateLimited,
        Slug::Internal,
        Slug::StorageUnavailable,
    ];
    // An empty requirement, `{}`, is the public operations'.
    let is_public = operation.security.as_ref().is_some_and(|ways| ways.contains(&Default::default()));
    let has_header = |name: &str| has_header(operation.parameters.as_deref(), name);
    let (has_key, has_condition) = (has_header("Idempotency-Key"), has_header("If-Match"));
    let mut slugs = always.to_vec();
    slugs.extend([Slug::TokenUnknown].iter().filter(|_| !is_public));
    slugs.extend([Slug::NotFound].iter().filter(|_| has_id));
    slugs.extend([Slug::MediaType].iter().filter(|_| operation.request_body.is_some()));
    slugs.extend([Slug::InProgress, Slug::KeySpent].iter().filter(|_| has_key));
    slugs.extend([Slug::Stale].iter().filter(|_| has_condition));
    slugs.extend([Slug::EtagRequired].iter().filter(|_| has_condition && operation.request_body.is_some()));
    for slug in slugs {
        let answer = ResponseBuilder::new()
            .description("A problem; its `type` says which.")
            .content(MEDIA_TYPE, Content::new(Some(Ref::from_schema_name(Problem::name()))))
            .build();
        operation.responses.responses.entry(slug.status().to_string()).or_insert(RefOr::T(answer));
    }
}
