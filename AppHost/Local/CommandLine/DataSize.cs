using System.CommandLine.Parsing;
using CloudTicks.Foundations;

namespace CloudTicks.AppHost.Local.CommandLine;

/// <summary>Parses sizes such as 10GB or 1.5TB.</summary>
internal static class DataSize
{
    public const long DefaultMaxDisk = 10_000_000_000;

    /// <summary>The minimum. An empty system already uses this much, because the event hub and PostgreSQL preallocate log files.</summary>
    private const long Min = 1_000_000_000;

    public static long? Parse(ArgumentResult result)
    {
        var text = result.Tokens.Single().Value;
        if (TryParse(text, out var bytes))
        {
            return bytes;
        }

        result.AddError($"--max-disk takes a size of at least 1GB, such as 10GB or 1.5TB, not '{text}'.");
        return null;
    }

    public static bool TryParse(string text, out long bytes)
    {
        if (ByteSize.TryParse(text, out bytes) && bytes >= Min)
        {
            return true;
        }

        bytes = 0;
        return false;
    }
}
