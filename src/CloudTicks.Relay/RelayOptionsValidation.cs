using Microsoft.Extensions.Options;

namespace CloudTicks.Relay;

/// <summary>Validates the settings at startup, with a message for each invalid one.</summary>
internal sealed class RelayOptionsValidation : IValidateOptions<RelayOptions>
{
    private const int MaxNumber = 100_000;
    private const int MaxSymbols = 10_000_000;
    private const int MaxCatchUps = 64;
    private const long MinBufferBytes = 1L << 20;
    private const long MaxBufferBytes = 1L << 30;

    private const long MaxBuffersBytes = 1L << 40;

    public ValidateOptionsResult Validate(string? name, RelayOptions options)
    {
        var failures = new List<string>();
        if (options.AuthTimeout <= TimeSpan.Zero)
            failures.Add("Relay:AuthTimeout must be greater than zero, such as 10s.");
        if (options.PauseAfter < TimeSpan.Zero)
            failures.Add("Relay:PauseAfter must be zero or more, such as 30s.");
        if (options.UnsubscribeAfter < TimeSpan.FromSeconds(1) || options.UnsubscribeAfter > TimeSpan.FromDays(1))
            failures.Add("Relay:UnsubscribeAfter must be between 1 s and 1 day, such as 10m.");
        RequireRange(nameof(options.MaxClients), options.MaxClients, 1, MaxNumber);
        RequireRange(nameof(options.MaxConnectionsPerKey), options.MaxConnectionsPerKey, 1, MaxNumber);
        RequireRange(nameof(options.MaxSymbolsPerKey), options.MaxSymbolsPerKey, 1, MaxSymbols);
        RequireRange(nameof(options.RequestsPerSecond), options.RequestsPerSecond, 1, MaxNumber);
        RequireRange(nameof(options.ClientBufferBytes), options.ClientBufferBytes, MinBufferBytes, MaxBufferBytes);
        RequireRange(nameof(options.BuffersBytes), options.BuffersBytes, MinBufferBytes, MaxBuffersBytes);
        RequireRange(nameof(options.CatchUps), options.CatchUps, 1, MaxCatchUps);
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void RequireRange(string setting, long value, long min, long max)
        {
            if (value < min || value > max)
                failures.Add($"Relay:{setting} must be between {min} and {max}, not {value}.");
        }
    }
}
