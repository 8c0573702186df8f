using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace CloudTicks.Deployment.Tests;

/// <summary>Sets every setting of every service to an invalid value: the message names neither a section nor a .NET type.</summary>
public sealed class SettingMessageTests
{
    private const string ForbiddenText =
        @"System\.|Int32|Int64|TimeSpan|Boolean|Double|Nullable|DataAnnotation|\b[A-Z]\w+Options\b|\b[A-Z][A-Za-z]+:[A-Z]";

    private static readonly Type[] Parsed = [typeof(int), typeof(long), typeof(double), typeof(decimal), typeof(bool), typeof(TimeSpan)];

    // Registers the format of durations that all services share.
    static SettingMessageTests() => Host.CreateEmptyApplicationBuilder(null).AddServiceDefaults();

    private static IEnumerable<Type> OptionTypes =>
        Directory.EnumerateFiles(AppContext.BaseDirectory, "CloudTicks.*.dll").Select(Path.GetFileNameWithoutExtension)
            .Where(name => !name!.EndsWith("Tests", StringComparison.Ordinal))
            .SelectMany(name => Assembly.Load(name!).GetTypes())
            .Where(type => type is { IsAbstract: false, IsGenericType: false } && type.Name.EndsWith("Options", StringComparison.Ordinal)
                && type.GetConstructor(Type.EmptyTypes) is not null);

    [Fact]
    public void Invalid_value_is_reported_with_setting_and_format()
    {
        var count = 0;
        foreach (var (type, property) in Properties().Where(one => Parsed.Contains(TypeOf(one.Property)) || TypeOf(one.Property).IsEnum))
        {
            var settings = new ConfigurationBuilder()
                .AddInMemoryCollection([new($"Section:{property.Name}", "a strange value")]).Build().GetSection("Section");

            var problem = Should.Throw<InvalidOperationException>(() => settings.Get(type), $"{type}.{property.Name}");

            MessageOf(problem).ShouldStartWith($"Section__{property.Name} is 'a strange value', which is not");
            count++;
        }

        count.ShouldBeGreaterThan(50);
    }

    [Fact]
    public void Out_of_range_value_is_reported_with_setting_and_range()
    {
        var count = 0;
        foreach (var (type, property) in Properties().Where(one => one.Property.GetCustomAttribute<RangeAttribute>() is not null))
        {
            var options = Activator.CreateInstance(type)!;
            property.SetValue(options, OutOfRangeValue(TypeOf(property)));
            var validation = Activator.CreateInstance(typeof(DataAnnotationValidateOptions<>).MakeGenericType(type), [null])!;
            var result = (ValidateOptionsResult)validation.GetType().GetMethod("Validate")!.Invoke(validation, [null, options])!;

            var failure = result.Failures!.Single(text => text.Contains($"'{property.Name}'", StringComparison.Ordinal));

            MessageOf(new OptionsValidationException("", type, [failure])).ShouldStartWith($"{property.Name} must be between ");
            count++;
        }

        count.ShouldBeGreaterThan(20);
    }

    [Fact]
    public void Unknown_setting_is_reported_with_the_nearest_one()
    {
        foreach (var (type, property) in Properties())
        {
            var settings = new ConfigurationBuilder()
                .AddInMemoryCollection([new($"Section:{property.Name}x", "1")]).Build().GetSection("Section");

            var problem = Should.Throw<InvalidOperationException>(
                () => settings.Get(type, binder => binder.ErrorOnUnknownConfiguration = true), $"{type}.{property.Name}");

            MessageOf(problem).ShouldStartWith($"{property.Name}x is not a setting; did you mean ");
        }
    }

    private static IEnumerable<(Type Type, PropertyInfo Property)> Properties() => OptionTypes.SelectMany(type =>
        type.GetProperties().Where(property => property.SetMethod is { IsPublic: true }).Select(property => (type, property)));

    private static Type TypeOf(PropertyInfo property) => Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;

    /// <summary>A value outside the range of all these options: every numeric range starts at 0 or above.</summary>
    private static object OutOfRangeValue(Type type) =>
        type == typeof(TimeSpan) ? TimeSpan.MaxValue : type == typeof(double) ? -1.0 : type.GetField(nameof(int.MinValue))!.GetValue(null)!;

    private static string MessageOf(Exception problem)
    {
        var sentence = SettingProblem.Describe(problem).ShouldHaveSingleItem();
        sentence.ShouldNotMatch(ForbiddenText);
        return sentence;
    }
}
