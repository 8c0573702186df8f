using Microsoft.Extensions.Hosting;

namespace ServiceDefaults.Tests.Starting;

public sealed class ServiceArgumentsTests
{
    [Theory]
    [InlineData("--rate 5", "--rate is not an option of the simulator; the options are --urls, --log-level, --log-json.")]
    [InlineData("--url http://127.0.0.1:0", "--url is not an option of the simulator; did you mean --urls?")]
    [InlineData("--log-levle=DEBUG", "--log-levle is not an option of the simulator; did you mean --log-level?")]
    [InlineData("--urls --log-json", "--urls needs a value.")]
    [InlineData("--urls x --Simulator:Rate", "--Simulator:Rate needs a value.")]
    [InlineData("--Simulator:Rate --Simulator:Seed 1", "--Simulator:Rate needs a value.")]
    [InlineData("EURUSD", "EURUSD is not an option of the simulator")]
    [InlineData("-Simulator:Rate 5", "-Simulator:Rate is not an option of the simulator")]
    public void Read_refuses_arguments_that_the_configuration_would_ignore(string typed, string sentence) =>
        Should.Throw<InvalidOperationException>(() => ServiceArguments.Read(typed.Split(' '), "the simulator"))
            .Message.ShouldStartWith(sentence);

    [Theory]
    [InlineData("--settings mine.json")]
    [InlineData("--settings=mine.json --urls x")]
    public void Read_accepts_the_options_of_a_program(string typed)
    {
        string.Join(' ', ServiceArguments.Read(typed.Split(' '), "the collector", "--settings")).ShouldBe(typed);
        Should.Throw<InvalidOperationException>(() => ServiceArguments.Read(typed.Split(' '), "the simulator"));
    }

    [Theory]
    [InlineData("--Simulator:Rate 20000 --log-json", "--Simulator:Rate 20000 --log-json=true")]
    [InlineData("--urls http://127.0.0.1:0 --LOG-LEVEL DEBUG", "--urls http://127.0.0.1:0 --LOG-LEVEL DEBUG")]
    [InlineData("Simulator:Rate=5 --Some:Limit -5", "Simulator:Rate=5 --Some:Limit -5")]
    [InlineData("--environment=Development --contentRoot=/app", "--environment=Development --contentRoot=/app")]
    public void Read_accepts_settings_and_options(string typed, string expected) =>
        string.Join(' ', ServiceArguments.Read(typed.Split(' '), "the simulator")).ShouldBe(expected);
}
