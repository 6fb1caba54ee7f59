//! Ids of the embedded backend: region, AWS account, user pool, app clients.

/// The AWS region that resources, tokens and signatures name.
pub const REGION: &str = "us-east-1";
/// The AWS account, twelve digits, in the ARNs of tables and roles.
pub const ACCOUNT_ID: &str = "000000000000";
/// The user pool, `<region>_<name>`.
pub const POOL_ID: &str = "us-east-1_CALTRACK0";
/// The user pool as identity pools and resolvers name it: a provider of sign-ins.
pub const USER_POOL_PROVIDER: &str = "cognito-idp.us-east-1.amazonaws.com/us-east-1_CALTRACK0";
/// How sign-ins at the user pool begin in the identity of a caller with keys of the identity pool: `cognitoIdentityAuthType`,
/// then `cognitoIdentityAuthProvider` up to the user's id. The API's environment has it as `SIGN_IN`.
pub const SIGN_IN: &str = concat!(
    "authenticated\"cognito-idp.us-east-1.amazonaws.com/us-east-1_CALTRACK0\",",
    "\"cognito-idp.us-east-1.amazonaws.com/us-east-1_CALTRACK0:CognitoSignIn:"
);
/// The identity pool, which gives temporary keys to users of the pool.
pub const IDENTITY_POOL_ID: &str = "us-east-1:ca17ca17-0000-4000-8000-00000000b0b0";
/// The public client that screens and commands use; its refresh tokens stay the same.
pub const CLIENT_ID: &str = "caltrack0local0client00000";
/// A public client whose refresh tokens change with every use.
pub const ROTATING_CLIENT_ID: &str = "caltrack0local0rotating000";
/// The user name of the account on this computer. It can only be signed up over the socket file: otherwise any client of the
/// TCP port could take it first.
pub const OWN_USERNAME: &str = "me";
