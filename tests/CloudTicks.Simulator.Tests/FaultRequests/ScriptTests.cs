using CloudTicks.TestServices;
using Microsoft.Extensions.Hosting;

namespace CloudTicks.Simulator.Tests.FaultRequests;

public sealed class ScriptTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(
        "script.yaml",
        "- at: 0.1\n  clear: true\n- at: 0\n  fault: silence\n  market: forex\n- {at: 00:00:00.2, fault: auth-failure, reason: plan, "
            + "times: 1}\n")]
    [InlineData(
        "script.json",
        """[{"at":0.1,"clear":true},{"at":0,"fault":"silence","market":"forex"},{"at":"00:00:00.2","fault":"auth-failure","reason":"plan","times":1}]""")]
    public async Task Scripted_faults_are_applied_in_time_order_and_cleared(string name, string text)
    {
        await using var simulator = await SimulatorHost.StartAsync($"Script={Write(name, text)}");

        while (!(await simulator.JsonAsync("/api/v1/faults")).EnumerateArray()
            .Any(fault => fault.GetProperty("fault").GetString() == "auth-failure"))
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();

        var onlyFault = (await simulator.JsonAsync("/api/v1/faults")).EnumerateArray().Single();
        onlyFault.GetProperty("id").GetInt64().ShouldBe(2);
        onlyFault.GetProperty("times").GetInt64().ShouldBe(1);
        await using var client = await simulator.ConnectAsync("stocks");
        await client.ReadStatusAsync();
        await client.SendAsync("auth", "any");
        (await client.ReadStatusAsync())!.ShouldStartWith("auth_failed: Your plan");
    }

    [Theory]
    [InlineData("- at: 1\n  fault: explode\n", "line 1: 'fault' must be one of")]
    [InlineData(
        "- {at: 1, fault: drop}\n- fault: drop\n",
        "line 2: 'at' must be a time such as 00:00:05, or seconds, at most 40 days, not nothing")]
    [InlineData("- drop\n", "line 1: a step must be a fault with 'at'")]
    [InlineData("fault: drop\n", "is not a script")]
    [InlineData("- at: [\n", "line 2: ")]
    public async Task Invalid_script_fails_the_start_and_names_the_line(string text, string sentence)
    {
        var path = Write("script.yaml", text);
        await using var app = SimulatorHost.Build("http://127.0.0.1:0", $"Script={path}");

        var problem = await Should.ThrowAsync<StartException>(() => app.StartAsync(TestContext.Current.CancellationToken));

        problem.Message.ShouldContain(path);
        problem.Message.ShouldContain(sentence);
    }

    [Fact]
    public async Task Missing_script_fails_the_start()
    {
        await using var app = SimulatorHost.Build("http://127.0.0.1:0", $"Script={_folder.File("none.yaml")}");

        (await Should.ThrowAsync<StartException>(() => app.StartAsync(TestContext.Current.CancellationToken))).Message.ShouldContain(
            "none.yaml");
    }

    public void Dispose() => _folder.Dispose();

    private string Write(string name, string text)
    {
        var path = _folder.File(name);
        File.WriteAllText(path, text);
        return path;
    }
}
