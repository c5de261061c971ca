using System.Net;
using System.Security.Cryptography;
using Granary.Edge.Tests.Tls;
using Granary.Language;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Granary.Edge.Tests.Streams;

/// <summary>Large requests: the pace of the origin is that of the client.</summary>
public sealed class UploadTests : IDisposable
{
    private const int Size = 96 << 20;

    private readonly Issuer _issuer = new();

    public void Dispose() => _issuer.Dispose();

    [Theory]
    [InlineData("1.1", true)]
    [InlineData("1.1", false)]
    [InlineData("2.0", true)]
    [InlineData("2.0", false)]
    public async Task An_upload_waits_for_an_origin_that_does_not_read_and_arrives_whole(string version, bool hasLength)
    {
        var reads = new TaskCompletionSource();
        await using var origin = await Backend.Starts(HttpProtocols.Http1, answer: async context =>
        {
            if (context.Request.Path == "/upload") await reads.Task;
            await context.Response.WriteAsync(Convert.ToHexString(await SHA256.HashDataAsync(context.Request.Body)));
        });
        await using var process = await OneProcess.Starts(null, ["--origin", origin.Address, .. _issuer.Switches((_issuer.ForServer("www.example.com"), null))]);
        using var client = process.SecureClient(_issuer, version: new Version(version));
        using var content = new Content(hasLength);
        using var request = new HttpRequestMessage(HttpMethod.Put, "/upload") { Content = content, Version = new Version(version), VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        var answering = client.SendAsync(request);

        await process.Clock.Holds(Limits.Idle, 1); // the origin takes no more
        using var other = process.Client();
        for (var i = 0; i < 20; i++) await other.Sends("POST", "/other", []).Gets(200); // others are served, and there is time for what should not happen
        Assert.InRange(content.Sent, 1, Size - 1);

        reads.SetResult();
        using var answer = await answering.Within();
        Assert.Equal(Convert.ToHexString(await content.Hash.Within()), await answer.Content.ReadAsStringAsync().Within());
    }

    private sealed class Content(bool hasLength) : HttpContent
    {
        private readonly TaskCompletionSource<byte[]> _hash = new();
        private long _sent;

        public long Sent => Volatile.Read(ref _sent);

        public Task<byte[]> Hash => _hash.Task;

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var piece = RandomNumberGenerator.GetBytes(1 << 18);
            for (var i = 0; i < Size / piece.Length; i++)
            {
                BitConverter.TryWriteBytes(piece, i);
                hash.AppendData(piece);
                await stream.WriteAsync(piece);
                Interlocked.Add(ref _sent, piece.Length);
            }

            _hash.SetResult(hash.GetHashAndReset());
        }

        protected override bool TryComputeLength(out long length)
        {
            length = Size;
            return hasLength;
        }
    }
}
