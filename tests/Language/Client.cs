using System.Net;
using System.Text;

namespace Granary.Language;

/// <summary>A client on a real socket. What it asks for is on its way at once; what it gets is checked by <see cref="Asking"/>.</summary>
public sealed class Client : IDisposable
{
    private readonly HttpMessageInvoker _http;
    private readonly Func<string, Uri> _locate;
    private readonly Version _version;
    private readonly string? _host;

    /// <param name="host">The site that is asked for, where it is not that of the address.</param>
    public Client(Func<string, Uri> locate, Version? version = null, IWebProxy? proxy = null, string? host = null)
    {
        _host = host;
        _locate = locate;
        _version = version ?? HttpVersion.Version11;
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = proxy is not null,
            Proxy = proxy,
            RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1,
            ResponseHeaderEncodingSelector = (_, _) => Encoding.Latin1,
        });
    }

    public Asking Asks(string path, params string[] fields) => Sends("GET", path, fields);

    public Asking Sends(string method, string path, string[] fields, string? content = null, CancellationToken leaves = default)
    {
        var message = new HttpRequestMessage(new HttpMethod(method), _locate(path)) { Version = _version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        if (content is not null) message.Content = new ByteArrayContent(Encoding.Latin1.GetBytes(content));
        foreach (var line in Semantics.Fields.FieldLines.Of(fields))
            if (!message.Headers.TryAddWithoutValidation(line.Name, line.Value)) message.Content?.Headers.TryAddWithoutValidation(line.Name, line.Value);
        message.Headers.Host ??= _host;
        return new Asking(_http.SendAsync(message, leaves), path);
    }

    public void Dispose() => _http.Dispose();
}
