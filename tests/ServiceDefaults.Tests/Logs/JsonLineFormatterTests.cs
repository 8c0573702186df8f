using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ServiceDefaults.Logs;

namespace ServiceDefaults.Tests.Logs;

public sealed class JsonLineFormatterTests
{
    [Fact]
    public void Line_is_an_object_with_the_named_values_of_the_message()
    {
        var lines = Json();

        lines.Ticks(LogLevel.Information, "EUR\"USD", 3, 0.5);

        lines.Line.ShouldBe(
            """{"time":"2026-01-05T07:08:09.045Z","level":"INFO","category":"CloudTicks.Collection.Intake.Batcher","message":"Ticks of EUR\"USD: 3, 0.5 of them late","values":{"Symbol":"EUR\"USD","Count":3,"Share":0.5}}""");
    }

    [Fact]
    public void Lists_nulls_and_booleans_keep_their_JSON_type()
    {
        var lines = Json();

        lines.Partitions([1, 2], null, well: true);

        Values(lines).ShouldBe("""{"Partitions":[1,2],"Last":null,"Well":true}""");
    }

    [Fact]
    public void Number_that_JSON_cannot_represent_is_a_string()
    {
        var lines = Json();

        lines.Ticks(LogLevel.Information, "EURUSD", 3, double.NaN);

        Values(lines).ShouldBe("""{"Symbol":"EURUSD","Count":3,"Share":"NaN"}""");
    }

    [Fact]
    public void Exception_is_a_text_of_one_line()
    {
        var lines = Json();

        lines.Ticks(LogLevel.Error, "EURUSD", 3, 0.5, new IOException("disk\nfull"));

        using var json = JsonDocument.Parse(lines.Line);
        json.RootElement.GetProperty("exception").GetString().ShouldBe("IOException: disk / full");
    }

    private static string Values(FormattedLines lines)
    {
        using var json = JsonDocument.Parse(lines.Line);
        return json.RootElement.GetProperty("values").GetRawText();
    }

    private static FormattedLines Json() =>
        new(new JsonLineFormatter(Options.Create(new LineOptions()), SettingNames.Plain, new FixedTime()));
}
