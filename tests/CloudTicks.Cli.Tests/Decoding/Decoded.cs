using System.Globalization;
using System.Text;
using System.Text.Json;
using CloudTicks.Cli.Decoding;
using CloudTicks.Ticks;

namespace CloudTicks.Cli.Tests.Decoding;

/// <summary>The decoder's result for an input.</summary>
internal sealed record Decoded(int ExitCode, string[] Lines, string[] Errors)
{
    public static Decoded Of(byte[] input, bool all = false, params string[] symbols) => Of(new MemoryStream(input), all, symbols);

    public static Decoded WithGaps(byte[] input, params string[] symbols) => Of(new MemoryStream(input), false, true, symbols);

    public static Decoded Of(Stream input, bool all = false, params string[] symbols) => Of(input, all, false, symbols);

    private static Decoded Of(Stream input, bool all, bool gaps, string[] symbols)
    {
        var selection = symbols.Length == 0 ? null
            : symbols.Select(name => Symbol.TryParse(name, out var symbol) ? symbol : throw new ArgumentException(name)).ToHashSet();
        using var output = new MemoryStream();
        using var errors = new StringWriter(CultureInfo.InvariantCulture);
        var exitCode = new ArchiveDecoder(selection, all, gaps, errors).Decode(input, output);
        return new Decoded(exitCode, SplitLines(Encoding.UTF8.GetString(output.ToArray())), SplitLines(errors.ToString()));
    }

    public JsonElement Json(int line)
    {
        using var document = JsonDocument.Parse(Lines[line]);
        return document.RootElement.Clone();
    }

    private static string[] SplitLines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
