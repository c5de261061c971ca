using System.Globalization;
using System.Text;
using Xunit;

namespace Granary.Language;

/// <summary>A request under way and what must come of it.</summary>
public sealed class Asking(Task<HttpResponseMessage> response, string path)
{
    /// <summary>The head of the response; its content may still be arriving.</summary>
    public Task<HttpResponseMessage> Head => response.Within();

    /// <summary>A head is there, or the request has failed.</summary>
    public Task Ends => response.ContinueWith(static _ => { }, TaskScheduler.Default);

    /// <summary>The whole response.</summary>
    public async Task<Got> Gets()
    {
        using var message = await Head;
        var content = await message.Content.ReadAsByteArrayAsync().Within();
        return new Got(path, message, Encoding.Latin1.GetString(content));
    }

    public async Task<Got> Gets(int status) => (await Gets()).HasStatus(status);

    public async Task<Got> Gets(int status, string content) => (await Gets(status)).HasContent(content);

    public async Task<Got> Gets(int status, string content, Outcome outcome) => (await Gets(status, content)).Was(outcome);

    /// <summary>The whole content, or something that visibly is not (P4).</summary>
    public async Task IsWholeOrCut(string whole)
    {
        try
        {
            await Gets(200, whole);
        }
        catch (Exception cut) when (cut is HttpRequestException or IOException)
        {
            // visibly cut
        }
    }

    /// <summary>An error of that status if none of the answer was sent yet, else a cut: never anything that looks whole (P4).</summary>
    public async Task IsCutOr(int status)
    {
        try
        {
            using var message = await Head;
            var content = await message.Content.ReadAsByteArrayAsync().Within();
            new Got(path, message, Encoding.Latin1.GetString(content)).HasStatus(status).SaysNothingInner();
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // visibly cut
        }
    }

    /// <summary>An error of ours: its status, the stage that failed and the word for it, in the answer and in Cache-Status alike.</summary>
    public async Task<Got> Fails(int status, string stage, string error) => (await Gets(status)).Names(stage, error);

    /// <summary>The response must not look whole: P4.</summary>
    public async Task IsCut()
    {
        await Assert.ThrowsAnyAsync<HttpRequestException>(async () =>
        {
            using var message = await Head;
            try
            {
                await message.Content.ReadAsByteArrayAsync().Within();
            }
            catch (IOException cut)
            {
                throw new HttpRequestException("cut", cut);
            }
        });
    }
}

/// <summary>A response that has come whole.</summary>
public sealed class Got(string path, HttpResponseMessage message, string content)
{
    public int Status => (int)message.StatusCode;

    public string Content => content;

    public string? Field(string name) =>
        message.Headers.NonValidated.TryGetValues(name, out var values) || message.Content.Headers.NonValidated.TryGetValues(name, out values)
            ? string.Join(", ", values)
            : null;

    public string CacheStatus => Field("Cache-Status") ?? "";

    /// <summary>The status and all fields, by name; lines with one name in the order in which they came.</summary>
    public string Head => string.Join('\n', [
        $"{Status} {message.ReasonPhrase}",
        .. message.Headers.NonValidated.Concat(message.Content.Headers.NonValidated).OrderBy(static line => line.Key, StringComparer.Ordinal).Select(static line => $"{line.Key}: {string.Join(" | ", line.Value)}")]);

    public Got HasStatus(int status)
    {
        Assert.True(Status == status, $"{path} got {Status.ToString(CultureInfo.InvariantCulture)} ({content}), not {status}; Cache-Status: {CacheStatus}");
        return this;
    }

    public Got HasContent(string expected)
    {
        Assert.Equal(expected, content);
        return this;
    }

    public Got Was(Outcome outcome)
    {
        Assert.True(outcome.IsSaidBy(CacheStatus), $"{path} was '{CacheStatus}', not {outcome}.");
        return this;
    }

    /// <summary>An error of ours that names stage and culprit, the latter in Cache-Status too, and nothing of what is behind us.</summary>
    public Got Names(string stage, string error)
    {
        Assert.True(content.EndsWith($"\nstage: {stage}\nerror: {error}\n", StringComparison.Ordinal), $"{path} says {content}, not {stage}, {error}.");
        Assert.True(CacheStatus.Split("; ").Contains($"detail={error}"), $"{path} has Cache-Status: {CacheStatus} without {error}.");
        Assert.True(CacheStatus.Split(", ").Length == 1 && !CacheStatus.Contains("stored", StringComparison.Ordinal), CacheStatus);
        return SaysNothingInner();
    }

    /// <summary>No address of an origin and no text of an exception.</summary>
    public Got SaysNothingInner()
    {
        foreach (var inner in new[] { "127.0.0.1", "localhost", "Exception", "   at ", "System." })
            Assert.DoesNotContain(inner, message.Headers + content, StringComparison.OrdinalIgnoreCase);
        return this;
    }

    public Got Has(string fieldLine)
    {
        var line = Semantics.Fields.FieldLines.Of(fieldLine)[0];
        Assert.True(Field(line.Name) == line.Value, $"{path} has {line.Name}: {Field(line.Name) ?? "(absent)"}, not {line.Value}.");
        return this;
    }

    public Got HasNo(string name)
    {
        Assert.True(Field(name) is null, $"{path} has {name}: {Field(name)}.");
        return this;
    }
}
