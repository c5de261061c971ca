using System.Reflection;
using System.Text;
using Granary.Edge.Access;
using Granary.Edge.Errors;
using Granary.Grains.Origin;
using Granary.Language;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Granary.Edge.Tests.Hiding;

/// <summary>No error that there is tells a client anything of what is behind us.</summary>
public sealed class ErrorScanTests
{
    private static readonly string[] Inner = ["127.0.0.1", "localhost", "://", "Exception", "   at ", "granary/", "Kestrel", ".cs", Environment.MachineName, Environment.Version.ToString()];

    public static TheoryData<string?> EachAccept => ["*/*", null, "text/plain", "text/html", "application/json", "application/problem+json;q=0.5, */*;q=0.1", "image/png", "%&/("];

    public static IEnumerable<ForwardError> EachError() =>
    [
        .. typeof(ForwardError).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => field.GetValue(null)).OfType<ForwardError>().Where(error => error != ForwardError.ClientGone),
        .. Enum.GetValues<OriginFault>().Select(fault => new ForwardError.Origin(new OriginError(fault))),
        .. Enum.GetValues<ClientRefusal>().Select(why => new ForwardError.ClientRefused(why)),
        ForwardError.OfRequestContent(new BadHttpRequestException("http://10.0.0.1:8080 Exception", 400)),
        ForwardError.Maintenance(120),
        BadRequests.Of(new BadHttpRequestException("http://10.0.0.1:8080 Exception", 400)),
        new ForwardError.Origin(OriginError.From(new HttpRequestException("Connection refused (10.0.0.1:8080)", new IOException("http://inner.example:9000/x")), OriginTimer.None, false)),
    ];

    [Theory, MemberData(nameof(EachAccept))]
    public async Task No_error_in_any_form_says_anything_inner(string? accept)
    {
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var answers = new ErrorAnswers(services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>(), NullLogger<ErrorAnswers>.Instance);
        foreach (var error in EachError())
        {
            var context = new DefaultHttpContext { Response = { Body = new MemoryStream() } };
            (context.Request.Method, context.Request.Protocol) = ("GET", "HTTP/1.1");
            if (accept is not null) context.Request.Headers.Accept = accept;
            await answers.AnswerAsync(context, error);
            var said = string.Join("\n", context.Response.Headers) + Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray());
            Assert.Equal(error.Status, context.Response.StatusCode);
            Assert.All(Inner.Append("10.0.0.1").Append("8080").Append("inner"), inner => Assert.DoesNotContain(inner, said, StringComparison.OrdinalIgnoreCase));
        }
    }

    [Fact]
    public async Task No_mode_tells_of_a_destination_that_cannot_be_reached()
    {
        var gone = Origin.Starts();
        var (url, authority) = (gone.Url, gone.Authority);
        await using var reverse = await OneProcess.Starts(gone);
        await using var forward = await OneProcess.Starts(null, ["--allow-destination", "127.0.0.0/8"]);
        await gone.DisposeAsync();
        using var through = reverse.Client();
        using var over = new Client(path => new Uri(url + path), proxy: new System.Net.WebProxy(forward.Url));
        foreach (var accept in (string[])["*/*", "application/json", "text/html"])
            foreach (var method in (string[])["GET", "POST", "OPTIONS"])
            {
                var got = await through.Sends(method, "/x", [$"Accept: {accept}"], method == "POST" ? "x" : null).Gets(502);
                got.SaysNothingInner();
                Assert.DoesNotContain(authority.Split(':')[1], got.Content, StringComparison.Ordinal);
                (await over.Sends(method, "/x", [$"Accept: {accept}"], method == "POST" ? "x" : null).Gets(502)).SaysNothingInner();
            }
    }
}
