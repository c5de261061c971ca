namespace Granary.Semantics.Fields;

/// <summary>The field names the rules speak of, in the case their specifications write them.</summary>
public static class FieldNames
{
    public const string AcceptRanges = "Accept-Ranges";
    public const string AcceptEncoding = "Accept-Encoding";
    public const string AcceptLanguage = "Accept-Language";
    public const string Age = "Age";
    public const string Authorization = "Authorization";
    public const string CacheControl = "Cache-Control";
    public const string CacheGroupInvalidation = "Cache-Group-Invalidation";
    public const string CacheGroups = "Cache-Groups";
    public const string CacheStatus = "Cache-Status";
    public const string CdnCacheControl = "CDN-Cache-Control";
    public const string CdnLoop = "CDN-Loop";
    public const string Connection = "Connection";
    public const string ContentEncoding = "Content-Encoding";
    public const string ContentLanguage = "Content-Language";
    public const string ContentLength = "Content-Length";
    public const string ContentLocation = "Content-Location";
    public const string ContentRange = "Content-Range";
    public const string ContentType = "Content-Type";
    public const string Cookie = "Cookie";
    public const string Date = "Date";
    public const string ETag = "ETag";
    public const string Expires = "Expires";
    public const string Forwarded = "Forwarded";
    public const string Host = "Host";
    public const string IfMatch = "If-Match";
    public const string IfModifiedSince = "If-Modified-Since";
    public const string IfNoneMatch = "If-None-Match";
    public const string IfRange = "If-Range";
    public const string IfUnmodifiedSince = "If-Unmodified-Since";
    public const string KeepAlive = "Keep-Alive";
    public const string LastModified = "Last-Modified";
    public const string Link = "Link";
    public const string Location = "Location";
    public const string MaxForwards = "Max-Forwards";
    public const string Pragma = "Pragma";
    public const string ProxyAuthenticate = "Proxy-Authenticate";
    public const string ProxyAuthenticationInfo = "Proxy-Authentication-Info";
    public const string ProxyAuthorization = "Proxy-Authorization";
    public const string ProxyConnection = "Proxy-Connection";
    public const string Range = "Range";
    public const string Refresh = "Refresh";
    public const string SetCookie = "Set-Cookie";
    public const string Te = "TE";
    public const string Trailer = "Trailer";
    public const string TransferEncoding = "Transfer-Encoding";
    public const string Upgrade = "Upgrade";
    public const string Vary = "Vary";
    public const string Via = "Via";
}
