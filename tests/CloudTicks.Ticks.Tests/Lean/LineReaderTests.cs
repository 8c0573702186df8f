using System.Text;
using CloudTicks.Ticks.Lean;

namespace CloudTicks.Ticks.Tests.Lean;

/// <summary>Tests reading the lines of a file, including lines that are too long.</summary>
public class LineReaderTests
{
    [Theory]
    [InlineData(100_000)]
    [InlineData(1_000_000)]
    public void Line_after_a_too_long_one_is_read(int length)
    {
        using var reader = Read($"first\n{new string('x', length)}\r\n\nlast\n");

        Next(reader).ShouldBe("1: first");
        Should.Throw<LeanFormatException>(() => Next(reader));
        reader.Number.ShouldBe(2);
        Next(reader).ShouldBe("4: last");
        Next(reader).ShouldBeNull();
    }

    [Fact]
    public void Too_long_line_at_the_end_is_reported_once()
    {
        using var reader = Read($"first\n{new string('x', 100_000)}");

        Next(reader).ShouldBe("1: first");
        Should.Throw<LeanFormatException>(() => Next(reader));
        Next(reader).ShouldBeNull();
    }

    private static LineReader Read(string text) => new(new MemoryStream(Encoding.UTF8.GetBytes(text)));

    private static string? Next(LineReader reader) =>
        reader.TryRead(out var line) ? $"{reader.Number}: {Encoding.UTF8.GetString(line)}" : null;
}
