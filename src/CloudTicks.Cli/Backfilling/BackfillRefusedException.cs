namespace CloudTicks.Cli.Backfilling;

/// <summary>The collector answers that it does not do it; the message says why.</summary>
internal sealed class BackfillRefusedException(string message) : Exception(message);
