using System.Text;

namespace ServiceDefaults.Logs;

internal static class OneLine
{
    private const string Break = " / ";

    /// <summary>Replaces line breaks with slashes, and control characters, which could manipulate the terminal, with spaces.</summary>
    public static string Of(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\0', '\u001f') && !text.AsSpan().ContainsAnyInRange('\u007f', '\u009f'))
        {
            return text;
        }

        var line = new StringBuilder(text.Length);
        foreach (var part in text.AsSpan().Trim().EnumerateLines())
        {
            var trimmed = part.Trim();
            if (trimmed.IsEmpty)
            {
                continue;
            }

            line.Append(line.Length == 0 ? "" : Break);
            foreach (var character in trimmed)
            {
                line.Append(char.IsControl(character) ? ' ' : character);
            }
        }

        return line.ToString();
    }

    /// <summary>Types and messages of an exception and its inner exceptions, or the full stack.</summary>
    public static string Of(Exception exception, bool includesStack)
    {
        if (includesStack)
        {
            return Of(exception.ToString());
        }

        var line = new StringBuilder();
        for (var cause = exception; cause is not null; cause = cause is AggregateException ? null : cause.InnerException)
        {
            line.Append(cause == exception ? "" : ", because of ").Append(cause.GetType().Name).Append(": ").Append(cause.Message);
        }

        return Of(line.ToString());
    }
}
