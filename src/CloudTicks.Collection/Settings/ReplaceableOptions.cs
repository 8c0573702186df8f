using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace CloudTicks.Collection.Settings;

/// <summary>Options that a caller passes as an object. They are validated like options from a configuration.</summary>
internal sealed class ReplaceableOptions<TOptions>(TOptions first, IEnumerable<IValidateOptions<TOptions>> validations)
    : IOptionsFactory<TOptions>, IOptionsChangeTokenSource<TOptions>
    where TOptions : class
{
    private TOptions _value = first;
    private ConfigurationReloadToken _changed = new();

    public string Name => Options.DefaultName;

    public TOptions Create(string name) => Validated(Volatile.Read(ref _value));

    public IChangeToken GetChangeToken() => Volatile.Read(ref _changed);

    /// <summary>Replaces the options.</summary>
    /// <exception cref="OptionsValidationException">The new options are invalid; the previous options still apply.</exception>
    public void Change(TOptions value)
    {
        Volatile.Write(ref _value, Validated(value));
        Interlocked.Exchange(ref _changed, new ConfigurationReloadToken()).OnReload();
    }

    private TOptions Validated(TOptions value)
    {
        var failures = validations.Select(validation => validation.Validate(Name, value)).Where(result => result.Failed)
            .SelectMany(result => result.Failures!).ToArray();
        return failures.Length == 0 ? value : throw new OptionsValidationException(Name, typeof(TOptions), failures);
    }
}
