using System.Net.Sockets;
using System.Security.Authentication;
using Granary.Grains.Origin;
using Granary.Grains.Origin.Addresses;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Granary.Grains.Tests.Origin;

public sealed class OriginErrorTests
{
    public static TheoryData<Exception, OriginFault> Thrown => new()
    {
        { new OriginConnectException(ConnectFault.NameNotResolved, new SocketException((int)SocketError.NetworkDown)), OriginFault.NameNotResolved },
        { Wrapped(new OriginConnectException(ConnectFault.ConnectTimedOut, new OperationCanceledException())), OriginFault.ConnectTimedOut },
        { Wrapped(new OriginConnectException(ConnectFault.DestinationRefused)), OriginFault.DestinationRefused },
        { Wrapped(new OriginConnectException(ConnectFault.Unreachable)), OriginFault.Unreachable },
        { Wrapped(new SocketException((int)SocketError.ConnectionRefused), HttpRequestError.ConnectionError), OriginFault.ConnectionRefused },
        { Wrapped(new SocketException((int)SocketError.HostNotFound), HttpRequestError.NameResolutionError), OriginFault.NameNotResolved },
        { Wrapped(null, HttpRequestError.ConnectionError), OriginFault.Unreachable },
        { Wrapped(new AuthenticationException("The remote certificate is invalid because of errors in the certificate chain: UntrustedRoot"), HttpRequestError.SecureConnectionError), OriginFault.CertificateRefused },
        { Wrapped(new AuthenticationException("Authentication failed, see inner exception."), HttpRequestError.SecureConnectionError), OriginFault.TlsFailed },
        { Wrapped(new IOException("cut", new SocketException((int)SocketError.ConnectionReset)), HttpRequestError.SecureConnectionError), OriginFault.TlsFailed },
        { Wrapped(new HttpIOException(HttpRequestError.ResponseEnded), HttpRequestError.ResponseEnded), OriginFault.ClosedBeforeHead },
        { Wrapped(new IOException("cut", new SocketException((int)SocketError.ConnectionReset))), OriginFault.ClosedBeforeHead },
        { Wrapped(null, HttpRequestError.InvalidResponse), OriginFault.Malformed },
        { Wrapped(null, HttpRequestError.HttpProtocolError), OriginFault.Malformed },
        { Wrapped(null, HttpRequestError.ConfigurationLimitExceeded), OriginFault.HeadTooLarge },
        { new IOException("cut"), OriginFault.ClosedBeforeHead },
        { new TimeoutException(), OriginFault.HeadTimedOut },
        { new InvalidOperationException("a bug of ours"), OriginFault.Internal },
    };

    [Theory, MemberData(nameof(Thrown), DisableDiscoveryEnumeration = true)]
    public void What_the_client_throws_before_the_head_is_read_as(Exception thrown, OriginFault fault) =>
        Assert.Equal(fault, OriginError.From(thrown).Fault);

    [Fact]
    public void The_same_cut_after_the_head_is_incomplete_content()
    {
        Assert.Equal(OriginFault.ContentIncomplete, OriginError.From(new HttpIOException(HttpRequestError.ResponseEnded), headReceived: true).Fault);
        Assert.Equal(OriginFault.ContentIncomplete, OriginError.From(new IOException("cut", new SocketException((int)SocketError.ConnectionReset)), headReceived: true).Fault);
    }

    [Theory]
    [InlineData(OriginTimer.Connect, OriginFault.ConnectTimedOut, 504)]
    [InlineData(OriginTimer.Head, OriginFault.HeadTimedOut, 504)]
    [InlineData(OriginTimer.Idle, OriginFault.ContentIdle, 504)]
    [InlineData(OriginTimer.Rate, OriginFault.ContentTooSlow, 504)]
    public void The_timer_that_fired_tells_more_than_the_cancellation_it_caused(OriginTimer fired, OriginFault fault, int status)
    {
        var error = OriginError.From(new OperationCanceledException(), fired);

        Assert.Equal((fault, status), (error.Fault, error.Status));
    }

    [Theory, Trait("Spec", "RFC 9209 §2.3"), Trait("Kind", "check")]
    [InlineData(OriginFault.DestinationRefused, 403, "destination_ip_prohibited")]
    [InlineData(OriginFault.NameNotResolved, 502, "dns_error")]
    [InlineData(OriginFault.ConnectionRefused, 502, "connection_refused")]
    [InlineData(OriginFault.Unreachable, 502, "destination_ip_unroutable")]
    [InlineData(OriginFault.ConnectTimedOut, 504, "connection_timeout")]
    [InlineData(OriginFault.TlsFailed, 502, "tls_protocol_error")]
    [InlineData(OriginFault.CertificateRefused, 502, "tls_certificate_error")]
    [InlineData(OriginFault.HeadTimedOut, 504, "http_response_timeout")]
    [InlineData(OriginFault.ClosedBeforeHead, 502, "connection_terminated")]
    [InlineData(OriginFault.Malformed, 502, "http_protocol_error")]
    [InlineData(OriginFault.HeadTooLarge, 502, "http_response_header_section_size")]
    [InlineData(OriginFault.ContentIncomplete, 502, "http_response_incomplete")]
    [InlineData(OriginFault.ContentIdle, 504, "connection_read_timeout")]
    [InlineData(OriginFault.TooManyConnections, 503, "connection_limit_reached")]
    public void A_fault_has_a_status_and_a_stable_token(OriginFault fault, int status, string token)
    {
        var error = new OriginError(fault);

        Assert.Equal((status, token), (error.Status, error.Token));
    }

    [Fact]
    public void Every_fault_has_a_token_of_its_own() =>
        Assert.Distinct(Enum.GetValues<OriginFault>().Select(fault => new OriginError(fault).Token));

    [Fact]
    public void A_fault_that_only_a_newer_silo_knows_is_an_internal_error() => Assert.Equal("proxy_internal_error", new OriginError((OriginFault)999).Token);

    [Fact]
    public void A_violation_is_named_in_the_sentence() =>
        Assert.Contains("BareCarriageReturn", new OriginError(OriginFault.Malformed, "BareCarriageReturn").Sentence, StringComparison.Ordinal);

    [Fact]
    public void An_error_travels_between_silos()
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer<OriginError>>();
        var error = new OriginError(OriginFault.Malformed, "BadChunkSize");

        Assert.Equal(error, serializer.Deserialize(serializer.SerializeToArray(error)));
    }

    private static HttpRequestException Wrapped(Exception? inner, HttpRequestError error = HttpRequestError.Unknown) =>
        new(error, "The request failed (10.0.0.1:80)", inner);
}
