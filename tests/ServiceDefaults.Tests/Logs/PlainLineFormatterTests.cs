using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ServiceDefaults.Logs;

namespace ServiceDefaults.Tests.Logs;

public sealed class PlainLineFormatterTests
{
    [Theory]
    [InlineData(LogLevel.Trace, "DEBUG")]
    [InlineData(LogLevel.Debug, "DEBUG")]
    [InlineData(LogLevel.Information, "INFO ")]
    [InlineData(LogLevel.Warning, "WARNING")]
    [InlineData(LogLevel.Error, "ERROR")]
    [InlineData(LogLevel.Critical, "ERROR")]
    public void Line_has_time_level_last_part_of_the_category_and_message(LogLevel level, string levelText)
    {
        var lines = Plain();

        lines.Ticks(level, "EURUSD", 3, 0.5);

        lines.Line.ShouldBe($"07:08:09.045 {levelText} Batcher  Ticks of EURUSD: 3, 0.5 of them late");
    }

    [Fact]
    public void Exception_is_its_type_and_message_and_those_of_its_causes()
    {
        var lines = Plain();

        lines.Ticks(LogLevel.Error, "EURUSD", 3, 0.5, CreateThrownException());

        lines.Line.ShouldEndWith("late (InvalidOperationException: the batch / is lost, because of IOException: disk full)");
    }

    [Fact]
    public void Exception_has_its_stack_on_the_same_line_at_level_DEBUG()
    {
        var lines = Plain(stack: true);

        lines.Ticks(LogLevel.Error, "EURUSD", 3, 0.5, CreateThrownException());

        lines.Line.ShouldContain($" / at {typeof(PlainLineFormatterTests).FullName}.{nameof(CreateThrownException)}");
    }

    [Fact]
    public void Untrusted_text_cannot_add_lines_or_control_the_terminal()
    {
        var lines = Plain();

        lines.Ticks(LogLevel.Warning, "EUR\r\n\u001b[31mUSD\u0085\u2028", 3, 0.5);

        lines.Line.ShouldBe("07:08:09.045 WARNING Batcher  Ticks of EUR /  [31mUSD / : 3, 0.5 of them late");
    }

    private static FormattedLines Plain(bool stack = false) =>
        new(new PlainLineFormatter(Options.Create(new LineOptions { IncludesStack = stack }), SettingNames.Plain, new FixedTime()));

    private static InvalidOperationException CreateThrownException()
    {
        try
        {
            throw new InvalidOperationException("the batch\nis lost", new IOException("disk full"));
        }
        catch (InvalidOperationException exception)
        {
            return exception;
        }
    }
}
