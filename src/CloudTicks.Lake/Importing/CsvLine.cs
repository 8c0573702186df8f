namespace CloudTicks.Lake.Importing;

/// <summary>Splits a line of CSV according to RFC 4180; values cannot contain line breaks.</summary>
internal static class CsvLine
{
    /// <exception cref="ImportRowException">A quoted value is not closed, or is followed by text.</exception>
    public static void Split(ReadOnlySpan<byte> line, byte separator, TextRow row)
    {
        row.Clear();
        while (true)
        {
            var length = line is [(byte)'"', ..] ? ReadQuoted(line, row) : line.IndexOf(separator) is >= 0 and var at ? at : line.Length;
            if (line is not [(byte)'"', ..])
            {
                row.Append(line[..length]);
            }

            row.End();
            if (length == line.Length)
            {
                return;
            }

            if (line[length] != separator)
            {
                throw new ImportRowException($"column {row.Count} has text after its closing quote");
            }

            line = line[(length + 1)..];
        }
    }

    /// <returns>The length of the value with its quotes.</returns>
    private static int ReadQuoted(ReadOnlySpan<byte> line, TextRow row)
    {
        var position = 1;
        while (true)
        {
            var quote = line[position..].IndexOf((byte)'"');
            if (quote < 0)
            {
                throw new ImportRowException($"column {row.Count + 1} has no closing quotation mark");
            }

            row.Append(line.Slice(position, quote));
            position += quote + 1;
            if (position >= line.Length || line[position] != '"')
            {
                return position;
            }

            row.Append("\""u8);
            position++;
        }
    }
}
