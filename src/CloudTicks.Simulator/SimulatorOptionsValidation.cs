using System.Globalization;
using Microsoft.Extensions.Options;

namespace CloudTicks.Simulator;

/// <summary>Validates the settings at startup, with a message for each invalid one.</summary>
internal sealed class SimulatorOptionsValidation : IValidateOptions<SimulatorOptions>
{
    private const int MaxRate = 10_000_000;
    private const int MaxContractsAllowed = 1_000_000;
    private const long MinHistoryBytes = 1L << 20;
    private const long MaxHistoryBytes = 16L << 30;

    public ValidateOptionsResult Validate(string? name, SimulatorOptions options)
    {
        var failures = new List<string>();
        if (options.AuthTimeout <= TimeSpan.Zero)
            failures.Add("Simulator:AuthTimeout must be greater than zero, such as 00:00:10.");
        if (options.Rate is < 1 or > MaxRate)
            failures.Add($"Simulator:Rate must be between 1 and {MaxRate} ticks per second, not {options.Rate}.");
        if (!options.IsMaxSpeed
            && !(double.TryParse(options.Speed, NumberStyles.Float, CultureInfo.InvariantCulture, out var factor) && factor > 0
                && double.IsFinite(factor)))
            failures.Add($"Simulator:Speed must be max or a factor above zero, such as 1 or 10, not '{options.Speed}'.");
        if (options.Timestamps is not (SimulatorOptions.Shifted or SimulatorOptions.Kept))
            failures.Add(
                $"Simulator:Timestamps must be {SimulatorOptions.Shifted} or {SimulatorOptions.Kept}, not '{options.Timestamps}'.");
        if (options.HistoryBytes is < MinHistoryBytes or > MaxHistoryBytes)
            failures.Add(
                $"Simulator:HistoryBytes must be between {MinHistoryBytes} and {MaxHistoryBytes} bytes, not {options.HistoryBytes}.");
        if (options.MaxContracts is < 1 or > MaxContractsAllowed)
            failures.Add($"Simulator:MaxContracts must be between 1 and {MaxContractsAllowed}, not {options.MaxContracts}.");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
