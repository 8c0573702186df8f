using System.CommandLine;
using CloudTicks.Foundations;

namespace CloudTicks.Cli.Sql;

/// <summary>The option that limits DuckDB's memory.</summary>
internal static class MemoryOption
{
    private const long MinBytes = 32 << 20;

    public static Option<long> Create(string description, long defaultBytes) => new("--memory")
    {
        Description = $"{description}; data above it is kept in the temporary folder",
        HelpName = "size",
        DefaultValueFactory = _ => defaultBytes,
        CustomParser = result =>
        {
            if (ByteSize.TryParse(result.Tokens[0].Value, out var bytes) && bytes >= MinBytes)
            {
                return bytes;
            }

            result.AddError($"--memory: '{result.Tokens[0].Value}' is not a size of at least 32MB, such as 512MB or 4GB.");
            return 0;
        },
    };
}
