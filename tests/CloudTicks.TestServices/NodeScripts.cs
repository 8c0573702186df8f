using System.Security.Cryptography;
using CloudTicks.LocalServices.Processes;

namespace CloudTicks.TestServices;

/// <summary>
/// Runs a test's scripts with the machine's node. The packages that they need are those of the package-lock.json beside them, fetched once
/// by npm
/// into the user's cache. Where there is no node or npm, or the packages cannot be fetched, there is a sentence with which a test skips
/// itself.
/// </summary>
/// <param name="scripts">The folder of the scripts, package.json and package-lock.json.</param>
/// <param name="name">The name of the packages in the cache.</param>
public sealed class NodeScripts(string scripts, string name)
{
    private static readonly Version Oldest = new(20, 19, 4);

    private readonly Lock _gate = new();
    private Task<(string? Folder, string Problem)>? _packages;

    /// <summary>Where the packages are; null, and why, where they cannot be had.</summary>
    public Task<(string? Folder, string Problem)> PackagesAsync()
    {
        lock (_gate)
            return _packages ??= FetchAsync();
    }

    /// <summary>Runs a script to its end.</summary>
    /// <param name="packages">Where the packages are.</param>
    /// <param name="script">The script's file name.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What it said.</returns>
    public async Task<(int ExitCode, string Output, string Complaints)> RunAsync(
        string packages, string script, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        foreach (var file in Directory.GetFiles(scripts, "*.mjs"))
        {
            File.Copy(file, folder.File(Path.GetFileName(file)));
        }

        Directory.CreateSymbolicLink(folder.File("node_modules"), Path.Combine(packages, "node_modules"));
        return await RunProgramAsync("node", [folder.File(script), .. arguments], folder.Path, cancellationToken);
    }

    /// <summary>Runs a program of the machine to its end; its exit code is 127 where it is not installed.</summary>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="folder">Its working folder.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What it said.</returns>
    public static async Task<(int ExitCode, string Output, string Complaints)> RunProgramAsync(
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
        var cancellation = CancellationToken.None; // all tests wait for it, each with its own cancellation
        var node = await RunProgramAsync("node", ["--version"], scripts, cancellation);
        if (node.ExitCode != 0 || !Version.TryParse(node.Output.TrimStart('v'), out var version) || version < Oldest)
        {
            return (null,
                $"There is no node here, or an old one ({node.Output}): install nodejs {Oldest} or newer and npm to try the clients of "
                    + $"JavaScript.");
        }

        var @lock = await File.ReadAllBytesAsync(Path.Combine(scripts, "package-lock.json"), cancellation);
        var versioned = $"{name}-{Convert.ToHexStringLower(SHA256.HashData(@lock))[..12]}";
        var root = Path.Combine(
            Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is ['/', ..] cache
                ? cache
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
            "cloudticks");
        var folder = Path.Combine(root, versioned);
        if (Directory.Exists(folder))
        {
            return (folder, "");
        }

        // Under a name of its own and then moved: two test runs do not meet half-made packages.
        var made = Path.Combine(root, $".{versioned}.{Path.GetRandomFileName()}.tmp");
        Directory.CreateDirectory(made);
        foreach (var file in (string[])["package.json", "package-lock.json"])
        {
            File.Copy(Path.Combine(scripts, file), Path.Combine(made, file));
        }

        var npm = await RunProgramAsync(
            "npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-timeout=60000"], made, cancellation);
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
