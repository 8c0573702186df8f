using System.Security.Cryptography;
using CloudTicks.LocalServices.Processes;

namespace CloudTicks.TestServices;

/// <summary>
/// Runs test scripts with the installed Node.js. The packages in the scripts' package-lock.json are downloaded once by npm into the user's
/// cache. If Node.js is missing or too old, if npm is missing, or if the download fails, a test skips itself with the reason.
/// </summary>
/// <param name="scriptFolder">The folder with the scripts, package.json and package-lock.json.</param>
/// <param name="name">The name of the packages' folder in the cache.</param>
public sealed class NodeScripts(string scriptFolder, string name)
{
    private static readonly Version MinVersion = new(20, 19, 4);

    private readonly Lock _gate = new();
    private Task<(string? Folder, string Problem)>? _packages;

    /// <summary>The packages' folder; or null and the reason why they are not available.</summary>
    public Task<(string? Folder, string Problem)> PackagesAsync()
    {
        lock (_gate)
            return _packages ??= FetchAsync();
    }

    /// <summary>Runs a script until it exits.</summary>
    /// <param name="packages">The packages' folder.</param>
    /// <param name="script">The script's file name.</param>
    /// <param name="arguments">The command line arguments.</param>
    /// <param name="cancellationToken">Kills the program.</param>
    /// <returns>Exit code and output.</returns>
    public async Task<(int ExitCode, string Output, string ErrorOutput)> RunAsync(
        string packages, string script, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        foreach (var file in Directory.GetFiles(scriptFolder, "*.mjs"))
        {
            File.Copy(file, folder.File(Path.GetFileName(file)));
        }

        Directory.CreateSymbolicLink(folder.File("node_modules"), Path.Combine(packages, "node_modules"));
        return await RunProgramAsync("node", [folder.File(script), .. arguments], folder.Path, cancellationToken);
    }

    /// <summary>Runs an installed program until it exits; the exit code is 127 if it is not installed.</summary>
    /// <param name="program">The program's name.</param>
    /// <param name="arguments">The command line arguments.</param>
    /// <param name="folder">The working folder.</param>
    /// <param name="cancellationToken">Kills the program.</param>
    /// <returns>Exit code and output.</returns>
    public static async Task<(int ExitCode, string Output, string ErrorOutput)> RunProgramAsync(
        string program, string[] arguments, string folder, CancellationToken cancellationToken)
    {
        var (output, complaints) = (new List<string>(), new List<string>());
        try
        {
            var exitCode = await ChildProcess.RunAsync(
                new ChildProcessOptions
                {
                    FileName = program,
                    Arguments = arguments,
                    WorkingFolder = folder,
                    Inherited = ChildVariables.All,
                    OnOutput = output.Add,
                    OnError = complaints.Add,
                },
                cancellationToken);
            return (exitCode, string.Join('\n', output), string.Join('\n', complaints));
        }
        catch (FileNotFoundException)
        {
            return (127, "", $"{program} is not installed");
        }
    }

    private async Task<(string? Folder, string Problem)> FetchAsync()
    {
        var cancellation = CancellationToken.None; // All tests share the download, so a cancelled test must not cancel it.
        var node = await RunProgramAsync("node", ["--version"], scriptFolder, cancellation);
        if (node.ExitCode != 0 || !Version.TryParse(node.Output.TrimStart('v'), out var version) || version < MinVersion)
        {
            return (null,
                $"Node.js is missing or too old ({node.Output}): install nodejs {MinVersion} or newer, and npm, to run these tests.");
        }

        var @lock = await File.ReadAllBytesAsync(Path.Combine(scriptFolder, "package-lock.json"), cancellation);
        var folderName = $"{name}-{Convert.ToHexStringLower(SHA256.HashData(@lock))[..12]}";
        var root = Path.Combine(
            Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is ['/', ..] cache
                ? cache
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
            "cloudticks");
        var folder = Path.Combine(root, folderName);
        if (Directory.Exists(folder))
        {
            return (folder, "");
        }

        // Installed under a temporary name and then moved, so that a concurrent test run never sees incomplete packages.
        var temporaryFolder = Path.Combine(root, $".{folderName}.{Path.GetRandomFileName()}.tmp");
        Directory.CreateDirectory(temporaryFolder);
        foreach (var file in (string[])["package.json", "package-lock.json"])
        {
            File.Copy(Path.Combine(scriptFolder, file), Path.Combine(temporaryFolder, file));
        }

        var npm = await RunProgramAsync(
            "npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-timeout=60000"], temporaryFolder, cancellation);
        if (npm.ExitCode == 0)
        {
            try
            {
                Directory.Move(temporaryFolder, folder);
                return (folder, "");
            }
            catch (IOException) when (Directory.Exists(folder))
            {
                // Another test run installed the packages first.
            }
        }

        Directory.Delete(temporaryFolder, recursive: true);
        return Directory.Exists(folder) ? (folder, "") : (null, $"npm could not download the JavaScript clients: {npm.ErrorOutput}");
    }
}
