using System.Security.Cryptography;
using System.Text.Json;
using CloudTicks.LocalServices.Processes;
using CloudTicks.TestServices;

namespace CloudTicks.EventHub.Tests.Clients;

/// <summary>
/// Runs the scripts of this folder with the machine's node. The packages that they need are those of package-lock.json, fetched once by npm into the
/// user's cache. Where there is no node or npm, or the packages cannot be fetched, the tests are skipped and say so.
/// </summary>
internal static class NodeClients
{
    private static readonly string Scripts = Path.Combine(AppContext.BaseDirectory, "Clients", "node");
    private static readonly Version Oldest = new(20, 19, 4);
    private static readonly Lazy<Task<(string? Folder, string Problem)>> Packages = new(FetchAsync);

    /// <summary>Runs a scenario of a script against a hub.</summary>
    /// <returns>What it printed.</returns>
    public static async Task<JsonElement> RunAsync(string script, string scenario, string bootstrapServers, params string[] arguments)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var (packages, problem) = await Packages.Value.WaitAsync(cancellation);
        Assert.SkipWhen(packages is null, problem);
        using var folder = new TemporaryFolder();
        foreach (var file in Directory.GetFiles(Scripts, "*.mjs"))
        {
            File.Copy(file, folder.File(Path.GetFileName(file)));
        }

        Directory.CreateSymbolicLink(folder.File("node_modules"), Path.Combine(packages!, "node_modules"));
        var (exitCode, output, complaints) = await RunAsync(
            "node", [folder.File(script), scenario, bootstrapServers, .. arguments], folder.Path, cancellation);
        exitCode.ShouldBe(0, $"{script} {scenario}: {complaints}");
        return JsonDocument.Parse(output).RootElement;
    }

    /// <summary>Runs a program of the machine to its end; its exit code is 127 where it is not installed.</summary>
    public static async Task<(int ExitCode, string Output, string Complaints)> RunAsync(
        string program, string[] arguments, string folder, CancellationToken cancellationToken)
    {
        var (output, complaints) = (new List<string>(), new List<string>());
        try
        {
            var exitCode = await ChildProcess.RunAsync(
                new ChildProcessOptions { FileName = program, Arguments = arguments, WorkingFolder = folder, OnOutput = output.Add, OnError = complaints.Add },
                cancellationToken);
            return (exitCode, string.Join('\n', output), string.Join('\n', complaints));
        }
        catch (FileNotFoundException)
        {
            return (127, "", $"{program} is not installed");
        }
    }

    private static async Task<(string? Folder, string Problem)> FetchAsync()
    {
        var cancellation = CancellationToken.None; // all tests wait for it, each with its own cancellation
        var node = await RunAsync("node", ["--version"], Scripts, cancellation);
        if (node.ExitCode != 0 || !Version.TryParse(node.Output.TrimStart('v'), out var version) || version < Oldest)
        {
            return (null, $"There is no node here, or an old one ({node.Output}): install nodejs {Oldest} or newer and npm to try the clients of JavaScript.");
        }

        var @lock = await File.ReadAllBytesAsync(Path.Combine(Scripts, "package-lock.json"), cancellation);
        var name = $"event-hub-clients-{Convert.ToHexStringLower(SHA256.HashData(@lock))[..12]}";
        var root = Path.Combine(
            Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is ['/', ..] cache
                ? cache
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
            "cloudticks");
        var folder = Path.Combine(root, name);
        if (Directory.Exists(folder))
        {
            return (folder, "");
        }

        // Under a name of its own and then moved: two test runs do not meet half-made packages.
        var made = Path.Combine(root, $".{name}.{Path.GetRandomFileName()}.tmp");
        Directory.CreateDirectory(made);
        foreach (var file in (string[])["package.json", "package-lock.json"])
        {
            File.Copy(Path.Combine(Scripts, file), Path.Combine(made, file));
        }

        var npm = await RunAsync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-timeout=60000"], made, cancellation);
        if (npm.ExitCode == 0)
        {
            try
            {
                Directory.Move(made, folder);
                return (folder, "");
            }
            catch (IOException) when (Directory.Exists(folder))
            {
                // Another test run was faster.
            }
        }

        Directory.Delete(made, recursive: true);
        return Directory.Exists(folder) ? (folder, "") : (null, $"npm cannot fetch the clients of JavaScript: {npm.Complaints}");
    }
}
