//! `Path`: an extractor for path parameters.
//!
//! Wraps [`axum::extract::Path`] with its own rejection, like axum's example `customize-path-rejection`, but ignores
//! the parameters of an outer router that this one is nested in.

use axum::extract::FromRequestParts;
use axum::extract::path::ErrorKind;
use axum::extract::rejection::PathRejection;
use axum::http::request::Parts;
use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};

use crate::spec::{RequestError, Violation};

/// The decoded path parameters: the last one as a `String`, or the last two or three as a tuple.
#[derive(Debug)]
pub struct Path<T>(pub T);

impl<S: Send + Sync> FromRequestParts<S> for Path<String> {
    type Rejection = RequestError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, RequestError> {
        let LastValues([value]) = extract(parts, state).await?;
        Ok(Self(value))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Path<(String, String)> {
    type Rejection = RequestError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, RequestError> {
        let LastValues([first, second]) = extract(parts, state).await?;
        Ok(Self((first, second)))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Path<(String, String, String)> {
    type Rejection = RequestError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, RequestError> {
        let LastValues([first, second, third]) = extract(parts, state).await?;
        Ok(Self((first, second, third)))
    }
}

/// Extracts the path parameters as any type, like [`axum::extract::Path`].
///
/// # Errors
/// [`RequestError::InvalidPath`] if a parameter is not UTF-8.
async fn extract<T, S>(parts: &mut Parts, state: &S) -> Result<T, RequestError>
where
    T: for<'de> Deserialize<'de> + Send,
    S: Send + Sync,
{
    #[expect(clippy::disallowed_types, reason = "the rejection is converted here")]
    let path = axum::extract::Path::<T>::from_request_parts(parts, state).await;
    path.map(|axum::extract::Path(params)| params).map_err(|rejection| invalid_path(&rejection))
}

fn invalid_path(rejection: &PathRejection) -> RequestError {
    let reason = match rejection {
        PathRejection::FailedToDeserializePathParams(error) => match error.kind() {
            ErrorKind::InvalidUtf8InPathParam { key } => format!("Invalid UTF-8 in `{key}`"),
            _ => error.body_text(),
        },
        other => other.body_text(),
    };
    RequestError::InvalidPath(Violation::new("path", reason))
}

/// The last `N` path parameters; missing ones are empty.
struct LastValues<const N: usize>([String; N]);

impl<'de, const N: usize> Deserialize<'de> for LastValues<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Values<const N: usize>;

        impl<'de, const N: usize> Visitor<'de> for Values<N> {
            type Value = LastValues<N>;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("the parameters of a path")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<LastValues<N>, A::Error> {
                let mut last = [const { String::new() }; N];
                let mut count = 0;
                while let Some(value) = values.next_element::<String>()? {
                    if count == N {
                        last.rotate_left(1);
                        count -= 1;
                    }
                    last[count] = value;
                    count += 1;
                }
                Ok(LastValues(last))
            }
        }

        deserializer.deserialize_seq(Values)
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::{Body, to_bytes};
    use axum::extract::Request;
    use axum::response::IntoResponse;
    use axum::routing::get;
    use tower::ServiceExt;

    use super::*;

    /// An error whose response is its reason.
    struct TextError(RequestError);

    impl IntoResponse for TextError {
        fn into_response(self) -> axum::response::Response {
            self.0.reason().into_response()
        }
    }

    async fn body(router: Router, uri: &str) -> String {
        let request = Request::get(uri).body(Body::empty()).unwrap();
        let response = router.oneshot(request).await.unwrap();
        let bytes = to_bytes(response.into_body(), 1000).await.unwrap();
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    fn items() -> Router {
        let handler = async |mut parts: Parts| {
            let pair = Path::<(String, String)>::from_request_parts(&mut parts, &()).await.map_err(TextError);
            pair.map(|Path((first, second))| format!("{first} {second}"))
        };
        Router::new().route("/{list}/{item}", get(handler))
    }

    #[tokio::test]
    async fn parameters_are_decoded_and_those_of_an_outer_router_ignored() {
        assert_eq!(body(items(), "/a/b%20c").await, "a b c");
        assert_eq!(body(Router::new().nest("/{tenant}", items()), "/t/a/b").await, "a b");
    }

    #[tokio::test]
    async fn invalid_utf_8_is_an_error_that_names_the_parameter() {
        assert!(body(items(), "/a/%ff").await.contains("Invalid UTF-8 in `item`"));
    }
}
