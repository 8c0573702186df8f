namespace CloudTicks.LocalServices.Processes;

/// <summary>Finds programs as a shell does.</summary>
public static class ProgramPath
{
    /// <summary>The path of a program, for a name in PATH or an existing path; else null.</summary>
    /// <param name="program">A name or a path.</param>
    /// <param name="searchPath">The PATH; this process's when null.</param>
    public static string? Find(string program, string? searchPath = null)
    {
        if (Path.IsPathRooted(program))
        {
            return File.Exists(program) ? program : null;
        }

        string[] names = OperatingSystem.IsWindows() ? [program, program + ".exe"] : [program];
        return (searchPath ?? Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
    }
}
