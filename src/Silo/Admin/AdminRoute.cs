namespace Granary.Silo.Admin;

/// <summary>One admin endpoint: an exact path, one method (HEAD goes with GET), whether anybody may ask.</summary>
public sealed record AdminRoute(string Method, string Path, RequestDelegate Answer)
{
    public bool IsPublic { get; init; }

    internal bool HasMethod(string method) =>
        HttpMethods.Equals(Method, method) || (HttpMethods.IsGet(Method) && HttpMethods.IsHead(method));
}
