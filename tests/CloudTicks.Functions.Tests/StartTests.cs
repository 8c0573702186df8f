using CloudTicks.TestServices;

namespace CloudTicks.Functions.Tests;

public class StartTests(PostgresFixture postgres, NatsFixture nats)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ConnectionStrings__timescale", null, "ConnectionStrings__timescale")]
    [InlineData("ConnectionStrings__timescale", "Host=h;Database=d;Paswort=secret-canary", "ConnectionStrings__timescale")]
    [InlineData("ConnectionStrings__nats", null, "nats")]
    [InlineData("ConnectionStrings__eventhubs", "localhost", "host:port")]
    [InlineData("Timescale__Writers", "0", "Writers")]
    [InlineData("Timescale__Wrters", "2", "Wrters")]
    [InlineData("CLOUDTICKS_LIBNATS", "/nowhere/libnats.so", "/nowhere/libnats.so")]
    public async Task Invalid_setting_prevents_the_start_with_a_sentence(string name, string? value, string expected)
    {
        var settings = new Dictionary<string, string?>
        {
            ["ConnectionStrings__eventhubs"] = "127.0.0.1:1",
            ["ConnectionStrings__timescale"] = postgres.Server.GetConnectionString("postgres"),
            ["ConnectionStrings__nats"] = nats.Url,
            [name] = value,
        };

        await using var functions = await FunctionsProcess.StartAsync(settings);

        (await functions.Exited.WaitAsync(Cancellation)).ShouldBe(2, functions.Log);
        functions.Log.ShouldContain(expected);
        functions.Log.ShouldNotContain("   at ");
        functions.Log.ShouldNotContain("canary");
    }
}
