using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace ServiceDefaults.Tests.Starting;

public class TimeSettingTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("0.25s", 250)]
    [InlineData("500ms", 500)]
    [InlineData("2s", 2_000)]
    [InlineData("2S", 2_000)]
    [InlineData("5m", 300_000)]
    [InlineData("1.5h", 5_400_000)]
    [InlineData("7d", 604_800_000)]
    [InlineData("00:00:05", 5_000)]
    [InlineData("1.00:00:05", 86_405_000)]
    [InlineData(" 5s ", 5_000)]
    public void Setting_is_read_as_a_time(string text, long milliseconds) =>
        Bind(text).Interval.ShouldBe(TimeSpan.FromMilliseconds(milliseconds));

    [Theory]
    [InlineData("soon")]
    [InlineData("5")]
    [InlineData("0.25")]
    [InlineData("s")]
    [InlineData("-5")]
    [InlineData("1e3")]
    [InlineData("NaN")]
    [InlineData("1 s")]
    [InlineData("5 m s")]
    [InlineData("99999999999999999999d")]
    public void Invalid_time_setting_is_refused_with_the_valid_formats(string text) =>
        SettingProblem.Describe(Should.Throw<InvalidOperationException>(() => Bind(text))).ShouldHaveSingleItem()
            .ShouldBe($"Interval is '{text}', which is not a time such as 500ms, 2s or 00:00:02.");

    [Fact]
    public void Plain_number_is_seconds_in_an_option()
    {
        TimeSetting.TryParse("5", out var time).ShouldBeTrue();
        time.ShouldBe(TimeSpan.FromSeconds(5));
    }

    /// <summary>Range validation parses its limits with the same converter.</summary>
    [Fact]
    public void Range_of_a_time_setting_is_validated()
    {
        IsValid(Bind("60s")).ShouldBeTrue();
        IsValid(Bind("61s")).ShouldBeFalse();
    }

    private static bool IsValid(Timed timed) => Validator.TryValidateObject(timed, new ValidationContext(timed), null, true);

    private static Timed Bind(string text)
    {
        Host.CreateEmptyApplicationBuilder(null).AddServiceDefaults();
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection([new("Interval", text)]);
        return configuration.Get<Timed>().ShouldNotBeNull();
    }

    private sealed class Timed
    {
        [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
        public TimeSpan Interval { get; init; }
    }
}
