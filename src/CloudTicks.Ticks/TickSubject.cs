using System.Text;

namespace CloudTicks.Ticks;

/// <summary>The NATS subjects and Redis channels to which ticks are published: <c>ticks.{symbol}</c>.</summary>
public static class TickSubject
{
    /// <summary>The first token of every subject, unless a replay uses another prefix.</summary>
    public const string Prefix = "ticks";

    /// <summary>Pattern for everything below the prefix.</summary>
    public const string Everything = Prefix + ".>";

    /// <summary>Pattern for the ticks of every symbol.</summary>
    public const string EverySymbol = Prefix + ".*";

    /// <summary>The subject of a symbol. Names that differ only in reserved characters share a subject.</summary>
    /// <param name="symbol">The symbol's name, not empty.</param>
    public static string Of(string symbol) => $"{Prefix}.{SubjectToken.From(symbol)}";

    /// <summary>The subject of a symbol in UTF-8.</summary>
    /// <param name="prefix">The tokens before the symbol.</param>
    internal static byte[] Of(Symbol symbol, string prefix)
    {
        var start = Encoding.UTF8.GetBytes($"{prefix}.");
        byte[] subject = [.. start, .. symbol.Utf8];
        SubjectToken.Write(symbol.Utf8, subject.AsSpan(start.Length));
        return subject;
    }
}
