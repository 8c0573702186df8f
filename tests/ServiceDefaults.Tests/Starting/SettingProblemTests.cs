using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ServiceDefaults.Tests.Starting;

public class SettingProblemTests
{
    private static readonly SettingNames Names = new(
        new Dictionary<string, string> { ["Polygon:SymbolsPerConnection"] = "--symbols-per-connection" });

    [Theory]
    [InlineData("Lower Polygon:SymbolsPerConnection.", "Lower --symbols-per-connection.")]
    [InlineData("Set Collector:DataFolder, or ConnectionStrings:redis.", "Set Collector__DataFolder, or ConnectionStrings__redis.")]
    [InlineData(
        "O:SPY251219C00650000 at 12:30:00 of http://Host:80 is 'Abc:Def'.",
        "O:SPY251219C00650000 at 12:30:00 of http://Host:80 is 'Abc:Def'.")]
    public void Setting_is_named_as_the_user_typed_it(string message, string sentence) =>
        SettingProblem.Describe(new InvalidOperationException(message), Names).ShouldHaveSingleItem().ShouldBe(sentence);

    [Fact]
    public void Value_out_of_its_range_is_named_by_its_option() =>
        SettingProblem.Describe(
            new OptionsValidationException(
                "", typeof(object),
                [
                    "DataAnnotation validation failed for 'PolygonOptions' members: 'SymbolsPerConnection' with the error: "
                        + "'The field SymbolsPerConnection must be between 1 and 100000.'.",
                ]),
            Names).ShouldHaveSingleItem().ShouldBe("--symbols-per-connection must be between 1 and 100000.");

    [Fact]
    public void Range_of_a_time_is_reported_in_the_short_format() =>
        SettingProblem.Describe(
            new OptionsValidationException(
                "", typeof(object),
                [
                    "DataAnnotation validation failed for 'SomeOptions' members: 'NotTypedAnywhere' with the error: "
                        + "'The field NotTypedAnywhere must be between 00:00:00.5000000 and 7.00:00:00.'.",
                ]),
            Names).ShouldHaveSingleItem().ShouldBe("NotTypedAnywhere must be between 500ms and 7d.");
}
