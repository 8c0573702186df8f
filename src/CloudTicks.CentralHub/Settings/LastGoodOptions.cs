using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace CloudTicks.CentralHub.Settings;

/// <summary>
/// Options that follow their configuration, keep the last valid value and count refusals. The framework's monitor throws for invalid values
/// instead.
/// </summary>
public sealed class LastGoodOptions<TOptions> : IOptionsMonitor<TOptions>, IRefusedSettings, ICheckedSettings, IDisposable
    where TOptions : class
{
    private readonly Lock _lock = new();
    private readonly IOptionsFactory<TOptions> _factory;
    private readonly SettingNames _names;
    private readonly ILogger<LastGoodOptions<TOptions>> _logger;
    private readonly IDisposable[] _subscriptions;
    private readonly List<Action<TOptions, string?>> _listeners = [];
    private TOptions _current;
    private string? _refused;
    private long _refusals;

    /// <summary>Reads the options for the first time. The first values must be valid.</summary>
    /// <exception cref="OptionsValidationException">The options are invalid.</exception>
    public LastGoodOptions(
        IOptionsFactory<TOptions> factory, IEnumerable<IOptionsChangeTokenSource<TOptions>> sources, SettingNames names,
        ILogger<LastGoodOptions<TOptions>> logger)
    {
        (_factory, _names, _logger) = (factory, names, logger);
        _current = factory.Create(Options.DefaultName);
        _subscriptions = [.. sources.Select(source => ChangeToken.OnChange(source.GetChangeToken, Reload))];
    }

    /// <inheritdoc/>
    public TOptions CurrentValue => Volatile.Read(ref _current);

    /// <summary>Why the newest settings are refused; null when they are in force.</summary>
    public string? Refused => Volatile.Read(ref _refused);

    /// <summary>Number of refusals so far.</summary>
    public long Refusals => Interlocked.Read(ref _refusals);

    /// <inheritdoc/>
    public TOptions Get(string? name) => CurrentValue;

    /// <inheritdoc/>
    public IDisposable OnChange(Action<TOptions, string?> listener)
    {
        lock (_lock)
        {
            _listeners.Add(listener);
        }

        return new Subscription(this, listener);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var subscription in _subscriptions)
        {
            subscription.Dispose();
        }
    }

    /// <inheritdoc/>
    public string? Problem()
    {
        try
        {
            _factory.Create(Options.DefaultName);
            return null;
        }
        catch (Exception exception) when (IsRefusal(exception))
        {
            return Describe(exception);
        }
    }

    private void Reload()
    {
        Action<TOptions, string?>[] listeners;
        lock (_lock)
        {
            try
            {
                Volatile.Write(ref _current, _factory.Create(Options.DefaultName));
                Volatile.Write(ref _refused, null);
            }
            catch (Exception exception) when (IsRefusal(exception))
            {
                Volatile.Write(ref _refused, Describe(exception));
                Interlocked.Increment(ref _refusals);
                _logger.SettingsRefused(_refused!);
                return;
            }

            listeners = [.. _listeners];
        }

        foreach (var listener in listeners)
        {
            listener(CurrentValue, Options.DefaultName);
        }
    }

    private static bool IsRefusal(Exception exception) =>
        exception is OptionsValidationException or InvalidOperationException or FormatException;

    private string Describe(Exception exception) => string.Join(' ', SettingProblem.Describe(exception, _names));

    private sealed class Subscription(LastGoodOptions<TOptions> owner, Action<TOptions, string?> listener) : IDisposable
    {
        public void Dispose()
        {
            lock (owner._lock)
            {
                owner._listeners.Remove(listener);
            }
        }
    }
}
