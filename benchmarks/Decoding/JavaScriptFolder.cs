using CloudTicks.LocalServices.Processes;

namespace CloudTicks.Benchmarks.Decoding;

/// <summary>A temporary folder with decode.mjs, and with Polygon's client if npm can install it.</summary>
internal sealed class JavaScriptFolder : IDisposable
{
    private const string ClientPackage = "@polygon.io/client-js@8.2.0";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cloudticks-decoding-");

    /// <summary>
    /// Prepares the folder. If node is not installed, prints how to install it and returns null; then only the other sides run.
    /// </summary>
    public async Task<NodeProgram?> PrepareAsync(CancellationToken cancellationToken)
    {
        File.Copy(Path.Combine(AppContext.BaseDirectory, "JavaScript", "decode.mjs"), Path.Combine(_folder.FullName, "decode.mjs"));
        if (!await RunAsync("node", ["--version"], cancellationToken))
        {
            await Console.Error.WriteLineAsync(
                "Node.js is not installed, so its sides are skipped: install it (Debian: apt install nodejs npm).");
            return null;
        }

        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "package.json"), """{"private":true}""", cancellationToken);
        var hasClient = await RunAsync(
            "npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--silent", ClientPackage], cancellationToken);
        if (!hasClient)
        {
            await Console.Error.WriteLineAsync(
                $"npm did not install {ClientPackage}, so its side is skipped: check that npm is installed (Debian: apt install npm), "
                    + $"and that its registry is reachable.");
        }

        return new NodeProgram(_folder.FullName, hasClient);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task<bool> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        try
        {
            var options = new ChildProcessOptions
            {
                FileName = program,
                Arguments = arguments,
                WorkingFolder = _folder.FullName,
                Inherited = ChildVariables.All,
            };
            return await ChildProcess.RunAsync(options, cancellationToken) == 0;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }
}
