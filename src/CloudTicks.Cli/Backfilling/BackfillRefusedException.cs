namespace CloudTicks.Cli.Backfilling;

/// <summary>The collector refuses the backfill; the message says why.</summary>
internal sealed class BackfillRefusedException(string message) : Exception(message);
