//! Templates in which one thing is broken, for every check.

use serde_json::{Value, json};

/// A broken template: the check that has to complain, what it has to name, where the template is
/// changed (below `/Resources`, or from `/Parameters`) and to what; null takes the place away.
pub type Broken = (&'static str, &'static str, &'static str, Value);

const STATEMENTS: &str = "/PollerRole/Properties/Policies/0/PolicyDocument/Statement";

pub fn broken() -> Vec<Broken> {
    let mut all = queues();
    all.extend(alarms());
    all.extend(functions());
    all.extend(permissions());
    all.extend(routes());
    all.extend(triggers());
    all.extend(data());
    all.extend(addresses());
    all
}

fn addresses() -> Vec<Broken> {
    let pattern = |name: &str| leak(format!("/Parameters/{name}/AllowedPattern"));
    vec![
        (
            "addresses in clear",
            "QdrantUrl takes http://service.example",
            pattern("QdrantUrl"),
            json!("^https?://.+$"),
        ),
        (
            "addresses in clear",
            "JwtIssuer takes http://localhost.service.example",
            pattern("JwtIssuer"),
            json!("^https://.+$|^http://localhost.*$"),
        ),
        (
            "addresses in clear",
            "LlmBaseUrl takes any address",
            pattern("LlmBaseUrl"),
            Value::Null,
        ),
    ]
}

fn queues() -> Vec<Broken> {
    let visible = "/CallsQueue/Properties/VisibilityTimeout";
    let redrive = "/CallsQueue/Properties/RedrivePolicy";
    let retention = "/CallsDeadLetters/Properties/MessageRetentionPeriod";
    let allow = "/CallsDeadLetters/Properties/RedriveAllowPolicy";
    let condition = "/CallsQueuePolicy/Properties/PolicyDocument/Statement/0/Condition";
    vec![
        ("visibility", "CallsQueue", visible, json!(60)),
        // Six times the timeout, but the batch window comes on top.
        ("visibility", "CallsQueue", visible, json!(1800)),
        (
            "visibility",
            "WindowsQueue",
            "/PollerFunction/Properties/Timeout",
            json!(900),
        ),
        ("dead letters", "CallsQueue", redrive, Value::Null),
        (
            "dead letters",
            "CallsDeadLetters",
            retention,
            json!(345_600),
        ),
        ("dead letters", "CallsDeadLetters", allow, Value::Null),
        (
            "encrypted queues",
            "TicksDeadLetters",
            "/TicksDeadLetters/Properties/SqsManagedSseEnabled",
            json!(false),
        ),
        ("queues over TLS", "CallsQueue", condition, Value::Null),
    ]
}

fn alarms() -> Vec<Broken> {
    let filter = "/PollerReconnectFilter/Properties/FilterPattern";
    vec![
        (
            "dead letter alarms",
            "CallsDeadLetters",
            "/CallsDeadLettersAlarm",
            Value::Null,
        ),
        (
            "dead letter alarms",
            "TicksDeadLetters",
            "/TicksDeadLettersAlarm/Properties/Threshold",
            json!(100),
        ),
        (
            "waiting alarms",
            "WindowsQueue",
            "/WindowsQueueAgeAlarm",
            Value::Null,
        ),
        (
            "error alarms",
            "PipelineFunction",
            "/PipelineErrorsAlarm/Properties/Dimensions/0/Value/Ref",
            json!("PollerFunction"),
        ),
        (
            "failed answer alarms",
            "Api",
            "/ApiErrorsAlarm/Properties/MetricName",
            json!("4xx"),
        ),
        (
            "alarm actions",
            "ReconnectAlarm",
            "/ReconnectAlarm/Properties/AlarmActions",
            Value::Null,
        ),
        (
            "alarm actions",
            "ReconnectAlarm",
            "/AlarmTopic/Properties/KmsMasterKeyId",
            Value::Null,
        ),
        (
            "counted log lines",
            "PollerFunction",
            filter,
            json!("\"please reconnect\""),
        ),
        (
            "counted log lines",
            "PipelineAppRefusedFilter",
            "/GongAppRefusedAlarm",
            Value::Null,
        ),
    ]
}

fn functions() -> Vec<Broken> {
    let variables = "/PipelineFunction/Properties/Environment/Variables";
    let key = leak(format!("{variables}/LLM_API_KEY"));
    let resolved = json!("{{resolve:secretsmanager:gong}}");
    vec![
        (
            "function roles",
            "PollerFunction",
            "/PollerFunction/Properties/Role",
            Value::Null,
        ),
        (
            "function roles",
            "PipelineRole",
            "/PollerFunction/Properties/Role",
            json!({"Fn::GetAtt": ["PipelineRole", "Arn"]}),
        ),
        (
            "log groups",
            "PollerFunction",
            "/PollerFunction/Properties/LoggingConfig",
            Value::Null,
        ),
        (
            "log groups",
            "ApiLogGroup",
            "/ApiLogGroup/Properties/RetentionInDays",
            Value::Null,
        ),
        (
            "managed policies",
            "PollerRole",
            "/PollerRole/Properties/ManagedPolicyArns",
            json!([{"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/AdministratorAccess"}]),
        ),
        (
            "timeouts",
            "DashboardFunction",
            "/DashboardFunction/Properties/Timeout",
            json!(60),
        ),
        (
            "timeouts",
            "PipelineFunction",
            "/PipelineFunction/Properties/Timeout",
            json!(600),
        ),
        (
            "secrets in variables",
            "LLM_API_KEY",
            key,
            json!({"Ref": "LlmModel"}),
        ),
        ("resolved secrets", "PipelineFunction", key, resolved),
        (
            "resolved secrets",
            "GongAppSecret",
            "/GongAppSecret/Properties/SecretString",
            json!("{}"),
        ),
    ]
}

fn permissions() -> Vec<Broken> {
    let at = |end: &str| leak(format!("{STATEMENTS}/2/{end}"));
    vec![
        (
            "one action a statement",
            "PollerRole",
            at("Action"),
            json!(["dynamodb:GetItem", "dynamodb:PutItem"]),
        ),
        (
            "one action a statement",
            "PollerRole",
            at("Resource"),
            json!([{"Ref": "A"}, {"Ref": "B"}]),
        ),
        (
            "one action a statement",
            "PollerRole",
            at("Resource"),
            Value::Null,
        ),
        ("stars", "PollerRole", at("Action"), json!("dynamodb:*")),
        ("stars", "PollerRole", at("Resource"), json!("*")),
        (
            "stars",
            "PollerRole",
            at("Resource"),
            json!({"Fn::Sub": "arn:aws:dynamodb:*:*:table/${Table}"}),
        ),
        (
            "stars",
            "CallsQueuePolicy",
            "/CallsQueuePolicy/Properties/PolicyDocument/Statement/0/Effect",
            json!("Allow"),
        ),
        (
            "stars",
            "KmsKey",
            "/KmsKey/Properties/KeyPolicy/Statement/0/Principal/AWS",
            json!("*"),
        ),
        ("scans", "PollerRole", at("Action"), json!("dynamodb:Scan")),
        (
            "decryption",
            "PollerRole",
            at("Action"),
            json!("kms:Decrypt"),
        ),
    ]
}

fn routes() -> Vec<Broken> {
    let stage = "/ApiStage/Properties";
    vec![
        (
            "closed routes",
            "ANY /api/{proxy+}",
            "/ApiRoute/Properties/AuthorizationType",
            json!("NONE"),
        ),
        (
            "closed routes",
            "$default",
            "/PagesRoute/Properties/AuthorizationType",
            Value::Null,
        ),
        ("closed routes", "ANY /api", "/ApiRootRoute", Value::Null),
        (
            "scopes",
            "ApiRoute",
            "/ApiRoute/Properties/AuthorizationScopes",
            Value::Null,
        ),
        (
            "scopes",
            "ApiRootRoute",
            "/ApiAuthorizer/Properties/JwtConfiguration/Audience",
            Value::Null,
        ),
        (
            "throttling and access logs",
            "ThrottlingRateLimit",
            leak(format!("{stage}/DefaultRouteSettings/ThrottlingRateLimit")),
            Value::Null,
        ),
        (
            "throttling and access logs",
            "logs what a request holds",
            leak(format!("{stage}/AccessLogSettings/Format")),
            json!("$context.path"),
        ),
    ]
}

fn triggers() -> Vec<Broken> {
    let calls = "/PipelineFunctionCalls/Properties";
    let tick = "/PollerFunctionTick/Properties";
    vec![
        (
            "event source mappings",
            "PipelineFunctionCalls",
            leak(format!("{calls}/FunctionResponseTypes")),
            Value::Null,
        ),
        (
            "event source mappings",
            "PipelineFunctionCalls",
            leak(format!("{calls}/ScalingConfig")),
            Value::Null,
        ),
        (
            "event source mappings",
            "PipelineFunctionCalls",
            leak(format!("{calls}/MaximumBatchingWindowInSeconds")),
            Value::Null,
        ),
        (
            "tick",
            "once only",
            leak(format!("{tick}/Target/RetryPolicy")),
            Value::Null,
        ),
        (
            "tick",
            "not delivered",
            leak(format!("{tick}/Target/DeadLetterConfig")),
            Value::Null,
        ),
        (
            "tick",
            "handler",
            "/PollerFunctionEventInvokeConfig",
            Value::Null,
        ),
        (
            "tick",
            "fixed name",
            leak(format!("{tick}/Name")),
            json!("Tick"),
        ),
    ]
}

fn data() -> Vec<Broken> {
    let calls = "/CallsTable/Properties";
    let place = |end: &str| leak(format!("{calls}/{end}"));
    vec![
        (
            "tables",
            "GlobalSecondaryIndexes",
            place("GlobalSecondaryIndexes/0/Projection/ProjectionType"),
            json!("ALL"),
        ),
        (
            "tables",
            "AttributeDefinitions",
            place("AttributeDefinitions/2/AttributeType"),
            json!("S"),
        ),
        (
            "tables",
            "TimeToLiveSpecification",
            "/ConnectionsTable/Properties/TimeToLiveSpecification",
            Value::Null,
        ),
        (
            "tables",
            "on demand",
            place("BillingMode"),
            json!("PROVISIONED"),
        ),
        (
            "tables",
            "recovery",
            place("PointInTimeRecoverySpecification"),
            Value::Null,
        ),
        (
            "tables",
            "may be deleted",
            place("DeletionProtectionEnabled"),
            json!("false"),
        ),
        (
            "tables",
            "FeedbackTable is missing",
            "/FeedbackTable",
            Value::Null,
        ),
        (
            "kept",
            "CallsTable",
            "/CallsTable/DeletionPolicy",
            json!("Delete"),
        ),
        (
            "kept",
            "GongAppSecret",
            "/GongAppSecret/UpdateReplacePolicy",
            Value::Null,
        ),
        ("kept", "KmsKey", "/KmsKey/DeletionPolicy", Value::Null),
        (
            "key rotation",
            "KmsKey",
            "/KmsKey/Properties/EnableKeyRotation",
            json!(false),
        ),
        (
            "key rotation",
            "SessionKeysSecret",
            "/SessionKeysSecret/Properties/KmsKeyId",
            Value::Null,
        ),
    ]
}

fn leak(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}
