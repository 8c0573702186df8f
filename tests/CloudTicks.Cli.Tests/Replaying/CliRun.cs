using System.Text.Json;

namespace CloudTicks.Cli.Tests.Replaying;

/// <summary>The output of a run of the program.</summary>
internal sealed record CliRun(int ExitCode, string Output, string Errors)
{
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public static async Task<CliRun> OfAsync(IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        using var program = CliProcess.Start(environment, arguments);
        program.Input.Close();
        var errors = program.Errors.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await program.Output.ReadToEndAsync(TestContext.Current.CancellationToken);
        return new CliRun(await program.WaitAsync(), output, await errors);
    }

    /// <summary>The JSON summary that <c>--json</c> prints last.</summary>
    public JsonElement Json()
    {
        using var document = JsonDocument.Parse(Output);
        return document.RootElement.Clone();
    }

    public long Number(string name) => Json().GetProperty(name).GetInt64();
}
