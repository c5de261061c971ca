namespace Granary.Silo.Content;

/// <summary>Something else that members of the cluster ask over the content port: one method and one exact path behind the key, such as <c>/ask</c>.</summary>
public sealed record ContentRoute(string Method, string Path, RequestDelegate Answer);
