using System.Net;
using System.Text.Json;
using CloudTicks.Simulator.Faults;

namespace CloudTicks.Simulator.Tests.FaultRequests;

public sealed class FaultRequestTests
{
    [Theory]
    [InlineData("[1]", "A fault must be a JSON object")]
    [InlineData("{\"fault\":", "The request is not JSON")]
    [InlineData("{}", "'fault' must be one of evict, connection-limit, drop")]
    [InlineData("""{"fault":"explode"}""", "not \"explode\"")]
    [InlineData(
        """{"fault":"drop","whn":"now"}""",
        "The fault drop has no field 'whn'; its fields are fault, market, symbols, connection, times, for, when.")]
    [InlineData("""{"fault":"drop","when":"later"}""", "'when' must be one of now, connect, auth, acks, not \"later\".")]
    [InlineData("""{"fault":"drop","market":"fx"}""", "'market' must be one of forex, stocks, options, crypto, not \"fx\".")]
    [InlineData("""{"fault":"drop","symbols":["IBM"]}""", "The fault drop does not apply to single symbols")]
    [InlineData("""{"fault":"silence","symbols":[]}""", "'symbols' names no symbol")]
    [InlineData("""{"fault":"silence","symbols":["A B"]}""", "'A B' is not a symbol")]
    [InlineData("""{"fault":"drop","times":0}""", "'times' must be a whole number from 1")]
    [InlineData("""{"fault":"drop","times":"often"}""", "'times' must be a whole number from 1")]
    [InlineData("""{"fault":"drop","for":"-1"}""", "'for' must be a time above zero, such as 00:00:05")]
    [InlineData("""{"fault":"drop","for":"100.00:00:00"}""", "at most 40 days")]
    [InlineData("""{"fault":"drop","fault":"evict"}""", "The request is not JSON")]
    [InlineData("null", "A fault must be a JSON object")]
    [InlineData("""{"fault":"drop","for":{}}""", "'for' must be a time above zero, such as 00:00:05")]
    [InlineData("""{"fault":"rest-status","connection":1}""", "does not apply to connections")]
    [InlineData("""{"fault":"rest-status","status":200}""", "'status' must be a whole number from 400 to 599, not 200.")]
    [InlineData("""{"fault":"huge-frame","bytes":"big"}""", "'bytes' must be a whole number")]
    [InlineData("""{"fault":"rest-slow","delay":"soon"}""", "'delay' must be a time such as 00:00:05")]
    public async Task Invalid_fault_request_is_refused_and_changes_nothing(string request, string sentence)
    {
        await using var simulator = await SimulatorHost.StartAsync();

        using var response = await simulator.PostAsync("/api/v1/faults", request);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        problem.RootElement.GetProperty("detail").GetString()!.ShouldContain(sentence);
        (await simulator.JsonAsync("/api/v1/faults")).GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task All_errors_are_reported_together()
    {
        await using var simulator = await SimulatorHost.StartAsync();

        using var response = await simulator.PostAsync("/api/v1/faults", """{"fault":"drop","when":"later","market":"fx","times":-1}""");

        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        foreach (var name in (string[])["when", "market", "times"])
            problem.RootElement.GetProperty("detail").GetString()!.ShouldContain($"'{name}' must be");
    }

    [Fact]
    public async Task Faults_are_listed_and_cleared()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        var first = await simulator.RequestFaultAsync("""{"fault":"silence","market":"forex"}""");
        var second = await simulator.RequestFaultAsync("""{"fault":"dead","for":"00:10:00"}""");

        var listed = await simulator.FaultAsync(first);
        (listed.GetProperty("fault").GetString(), listed.GetProperty("market").GetString(),
            listed.GetProperty("active").GetBoolean()).ShouldBe(("silence", "forex", true));
        (await simulator.DeleteAsync($"/api/v1/faults/{first}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await simulator.DeleteAsync($"/api/v1/faults/{first}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await simulator.FaultAsync(second)).GetProperty("active").GetBoolean().ShouldBeTrue();
        (await simulator.DeleteAsync("/api/v1/faults")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await simulator.JsonAsync("/api/v1/faults")).GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Fault_ends_after_its_duration()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        var fault = await simulator.RequestFaultAsync("""{"fault":"auth-failure","for":0.05}""");

        while ((await simulator.FaultAsync(fault)).GetProperty("active").GetBoolean())
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();

        await (await simulator.ConnectAsync("forex")).AuthenticateAsync();
    }

    [Fact]
    public async Task Kinds_are_described_with_their_parameters()
    {
        await using var simulator = await SimulatorHost.StartAsync();

        var kinds = (await simulator.JsonAsync("/api/v1/faults/kinds")).EnumerateArray().ToList();

        kinds.Select(kind => kind.GetProperty("fault").GetString()).ShouldBe(FaultCatalog.Kinds.Keys);
        kinds.Single(kind => kind.GetProperty("fault").GetString() == "evict").GetProperty("parameters").GetProperty("when")
            .GetProperty("default").GetString().ShouldBe("auth");
    }

    [Fact]
    public async Task List_of_faults_is_bounded()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        for (var count = 0; count < FaultBoard.Capacity; count++)
            await simulator.RequestFaultAsync("""{"fault":"mixed"}""");

        using var response = await simulator.PostAsync("/api/v1/faults", """{"fault":"mixed"}""");

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("DELETE /api/v1/faults");
    }
}
