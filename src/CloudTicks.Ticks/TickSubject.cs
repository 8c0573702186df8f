using System.Text;

namespace CloudTicks.Ticks;

/// <summary>The subjects of NATS and the channels of Redis on which ticks are published: <c>ticks.{symbol}</c>.</summary>
public static class TickSubject
{
    /// <summary>The first token of every subject.</summary>
    public const string Prefix = "ticks";

    /// <summary>Subscribes to everything below the prefix.</summary>
    public const string Everything = Prefix + ".>";

    /// <summary>Subscribes to the ticks of every symbol.</summary>
    public const string EverySymbol = Prefix + ".*";

    /// <summary>The subject of a symbol; names that differ in a reserved letter only share one.</summary>
    /// <param name="symbol">The symbol's name, not empty.</param>
    public static string Of(string symbol) => $"{Prefix}.{SubjectToken.From(symbol)}";

    /// <summary>The subject of a symbol in UTF-8.</summary>
    /// <param name="prefix">What stands before the symbol.</param>
    internal static byte[] Of(Symbol symbol, string prefix)
    {
        var start = Encoding.UTF8.GetBytes($"{prefix}.");
        byte[] subject = [.. start, .. symbol.Utf8];
        SubjectToken.Write(symbol.Utf8, subject.AsSpan(start.Length));
        return subject;
    }
}
