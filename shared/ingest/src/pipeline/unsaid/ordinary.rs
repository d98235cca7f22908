//! Words that are no names of people, companies or products although they are written as such; and
//! words beside which a name stands. Folded.

/// Formats, protocols, roles and measures that products and their users speak of.
const ABBREVIATIONS: &str = "\
    pdf|csv|xml|json|html|css|xls|xlsx|doc|docx|ppt|txt|zip|png|jpg|jpeg|gif|svg|mp3|mp4|yaml|\
    sql|api|apis|sdk|url|uri|http|https|ftp|sftp|smtp|imap|ssl|tls|vpn|dns|ssh|sso|saml|oauth|\
    oidc|scim|mfa|totp|ldap|uuid|ui|ux|gui|cli|app|faq|id|ids|pin|otp|sms|mms|rss|gps|usb|pc|tv|\
    qr|ocr|nfc|rfid|iot|ai|llm|ml|it|hr|qa|vip|sla|slas|kpi|kpis|roi|erp|crm|cms|etl|bi|ceo|cto|\
    cfo|cio|coo|ciso|dpo|b2b|b2c|saas|gdpr|dsgvo|rgpd|eta|tbd|asap|fyi|ok|etc|usa|uk|eu|us|utc|\
    gmt|cet|am|pm|usd|eur|gbp|chf|vat|iban|ram|cpu|ssd|ios|cc|bcc|todo|mvp|poc|rfp|nda|rma|sku|\
    pos|wifi|lan|wan|crud|utf|ascii|iso|ics|ical|vcf|not|and|all|no|never|only|must|any|every|\
    p1|p2|pst|est|diy|pii|phi|hipaa|nps|csat|uat|seo|wcag|fte|eod|eom|qbr|arr|mrr|dob|pto|ehr|\
    emr|rtl|os|db|smb|oem|bom|plc|cad|gis|pim|dam|edi|dst|devops|faqs";
/// Nationalities and languages.
const PEOPLES: &str = "\
    english|german|french|spanish|portuguese|italian|dutch|polish|danish|swedish|norwegian|\
    finnish|russian|ukrainian|turkish|greek|arabic|hebrew|hindi|chinese|japanese|korean|\
    european|american|british|irish|scottish|welsh|swiss|austrian|belgian|canadian|mexican|\
    brazilian|african|asian|indian|australian|latin|catalan|czech|hungarian";
/// Countries, parts of the world, and cities that are called otherwise at home.
const COUNTRIES: &str = "\
    germany|france|spain|portugal|italy|netherlands|poland|denmark|sweden|norway|finland|russia|\
    ukraine|turkey|greece|china|japan|korea|europe|america|britain|england|ireland|scotland|\
    wales|switzerland|austria|belgium|canada|mexico|brazil|africa|asia|india|australia|czechia|\
    hungary|kingdom|states|union|munich|vienna|cologne|nuremberg|hanover|zurich|geneva|basel|\
    lucerne|brussels|antwerp|lisbon|seville|prague|warsaw|rome|milan|venice|florence|naples|\
    turin|athens|copenhagen|hague|moscow|bavaria|saxony|tyrol|brittany|normandy|catalonia|\
    andalusia|rhine|danube|alps";
/// What users see and speak of in any product, and what organizations are parts of.
const THINGS: &str = "\
    account|active|admin|administrator|agile|alert|analytics|app|approval|archive|article|\
    assistant|attachment|audit|automation|billing|bluetooth|board|boolean|button|calendar|\
    cancel|category|changelog|chat|checklist|checkout|city|click|close|closed|community|company|\
    contact|copy|council|create|critical|customer|dashboard|data|delete|department|desk|\
    document|done|download|draft|edit|editor|email|error|ethernet|event|export|failed|feed|\
    field|file|filter|folder|form|gallery|gantt|group|guide|hall|help|high|history|home|\
    hospital|import|inactive|inbox|integration|internet|invoice|item|kanban|label|library|link|\
    list|login|low|mail|manager|map|markdown|medium|menu|message|ministry|mobile|mode|module|\
    name|network|new|note|notification|off|office|on|open|order|page|panel|password|payment|\
    pending|permission|plan|planner|platform|plugin|policy|portal|post|preview|print|priority|\
    profile|project|queue|read|record|reminder|report|request|review|roadmap|role|save|schedule|\
    scheduler|scrum|search|security|send|service|settings|setup|share|sheet|shop|sign|single|\
    site|start|state|status|store|submit|success|summary|support|sync|system|tab|table|tag|task|\
    team|template|test|ticket|timeline|timer|toolbar|training|trash|undo|unicode|university|\
    unknown|update|upload|urgent|user|view|warning|web|webhook|website|widget|wiki|wizard|\
    workflow|workspace|yes|year|eve|day|quarter|summer|winter|spring|autumn|fall|season|cloud|\
    earth|north|south|east|west|northern|southern|eastern|western";
/// Names that are no other word: known wherever they stand, also where capitals tell nothing.
const PRODUCTS: &str = "\
    salesforce|hubspot|zendesk|intercom|freshdesk|servicenow|jira|confluence|atlassian|trello|\
    asana|github|gitlab|bitbucket|dropbox|sharepoint|onedrive|outlook|excel|powerpoint|powerbi|\
    microsoft|google|gmail|firefox|android|iphone|ipad|macbook|whatsapp|facebook|instagram|\
    linkedin|twitter|youtube|tiktok|shopify|woocommerce|magento|wordpress|squarespace|paypal|\
    klarna|quickbooks|netsuite|datev|lexware|workday|okta|auth0|azure|aws|snowflake|databricks|\
    bigquery|qlik|grafana|datadog|pagerduty|splunk|mailchimp|sendgrid|twilio|zapier|airtable|\
    figma|photoshop|adobe|autocad|docusign|calendly|webex|openai|chatgpt|anthropic|pipedrive|\
    zoho|marketo|pardot|mixpanel|amazon|ebay|etsy|sap|personio|bamboohr|rippling|typeform|\
    surveymonkey|miro|clickup|basecamp|smartsheet|teamviewer|kubernetes|postgres|postgresql|\
    mysql|mongodb|redis|elasticsearch|kafka";
const TITLES: &str = "\
    mr|mrs|ms|miss|dr|prof|herr|herrn|frau|monsieur|mme|madame|mlle|senor|senora|sr|sra|don|\
    dona|senhor|senhora";
/// What only people do.
const DOINGS: &str = "\
    said|says|promised|promises|asked|asks|told|tells|wants|wanted|mentioned|mentions|confirmed|\
    confirms|agreed|agrees|complained|complains|explained|explains|insisted|insists|believes|\
    thinks|hopes|offered|offers|suggested|suggests|demanded|demands|sagt|sagte|versprach|\
    verspricht|fragte|fragt|bat|bittet|meinte|meint|erklarte|erklart|mochte|wunscht|dit|promis|\
    demande|veut|souhaite|explique|dijo|dice|prometio|pidio|pide|quiere|explica|disse|diz|\
    prometeu|pediu|pede|quer";
/// They do so without an article.
const ROLES: &str = "\
    it|he|she|they|we|you|nobody|everybody|somebody|anybody|noone|everyone|someone|anyone|one|\
    none|who|what|that|this|which|both|each|another|neither|either|many|most|some|all|others|\
    support|sales|finance|legal|product|development|operations|leadership|staff|customer|client|\
    user|admin|caller|speaker|agent|team|prospect|manager|buyer|participant|company|\
    organization|owner|operator|supervisor|director|accountant|auditor|head|lead|boss|vendor|\
    supplier|partner|driver|nurse|teacher|engineer|developer|analyst|champion|rep|er|sie|wir|\
    man|niemand|jeder|wer|kunde|kundin|nutzer|jemand|il|elle|ils|on|personne|chacun|cliente|el|\
    ella|nadie|alguien|usted|ele|ela|ninguem|alguem|also|then|later|often|still|never|there|\
    here|let|tomorrow|now|today|yesterday";

fn is_in(list: &str, word: &str) -> bool {
    list.split('|').any(|one| one == word)
}

pub fn is_abbreviation(word: &str) -> bool {
    is_in(ABBREVIATIONS, word)
}

/// Capitalised in any text, or as often in a text about a product.
pub fn is_ordinary(word: &str) -> bool {
    let singular = word.strip_suffix('s').unwrap_or(word);
    let lists = [PEOPLES, COUNTRIES, THINGS, TITLES];
    word.len() < 3
        || is_abbreviation(word)
        || lists
            .iter()
            .any(|list| is_in(list, word) || is_in(list, singular))
}

pub fn is_known_product(word: &str) -> bool {
    is_in(PRODUCTS, word)
}

/// Before a person's name.
pub fn is_title(word: &str) -> bool {
    is_in(TITLES, word)
}

/// Behind the person who does it.
pub fn is_doing_of_people(word: &str) -> bool {
    is_in(DOINGS, word)
}

/// Of somebody without a name, or no person at all.
pub fn is_role(word: &str) -> bool {
    const ENDINGS: [&str; 8] = ["ing", "ment", "tion", "ity", "ship", "ance", "ence", "ly"];
    is_in(ROLES, word) || ENDINGS.iter().any(|ending| word.ends_with(ending))
}
