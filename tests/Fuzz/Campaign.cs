using System.Globalization;
using System.Text;

namespace Granary.Fuzz;

/// <summary>What a campaign found, with the input that shows it, made as small as it could be.</summary>
public sealed record Finding(string Surface, string Input, Exception Exception)
{
    public override string ToString() => $"{Surface}: {Exception.GetType().Name}: {Exception.Message}\ninput: {Escaped(Input)}\n{Exception.StackTrace}";

    private static string Escaped(string input)
    {
        var text = new StringBuilder("\"");
        foreach (var c in input)
            text.Append(c is '"' or '\\' ? $"\\{c}" : c is < ' ' or > '~' ? $"\\u{((int)c).ToString("x4", CultureInfo.InvariantCulture)}" : c.ToString());
        return text.Append('"').ToString();
    }
}

/// <summary>Tries mutated inputs on one surface. The same seed tries the same inputs.</summary>
public sealed class Campaign(Surface surface, int seed)
{
    private const int LargestCorpus = 4096;

    private readonly Random _random = new(seed);
    private readonly List<string> _corpus = [.. surface.Seeds];
    private readonly HashSet<int> _kinds = [];
    private int _next;

    public long Tried { get; private set; }

    public int Kinds => _kinds.Count;

    /// <summary>Tries one input: first the seeds, then mutations. Null if all holds.</summary>
    public Finding? Step()
    {
        var input = _next < surface.Seeds.Length ? surface.Seeds[_next++] : Mutation.Of(_random, _corpus);
        Tried++;
        if (Try(input, out var kind) is { } broken) return new Finding(surface.Name, Smaller(input, broken), broken);
        if (_kinds.Add(kind) && _corpus.Count < LargestCorpus) _corpus.Add(input);
        return null;
    }

    private Exception? Try(string input, out int kind)
    {
        try
        {
            kind = surface.Try(input);
            return null;
        }
        catch (Exception broken)
        {
            kind = 0;
            return broken;
        }
    }

    // Pieces are taken out for as long as the same is broken.
    private string Smaller(string input, Exception broken)
    {
        for (var piece = Math.Max(1, input.Length / 2); piece > 0; piece /= 2)
            for (var at = 0; at + piece <= input.Length;)
            {
                var without = input.Remove(at, piece);
                if (Try(without, out _) is { } same && same.GetType() == broken.GetType()) input = without;
                else at += piece;
            }

        return input;
    }
}
