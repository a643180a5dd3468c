using System.ComponentModel;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace SwarmPool.Plugins;

/// <summary>The configuration keys that options classes have.</summary>
internal static class OptionKeys
{
    public static bool IsSame(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// The keys in a configuration that none of the types has, with those known at that place. Keys below a key are looked at where
    /// it holds an object, a list of objects or a dictionary of objects.
    /// </summary>
    public static IEnumerable<UnknownKey> UnknownIn(IConfiguration configuration, IReadOnlyCollection<Type> types, string prefix = "")
    {
        var properties = types.SelectMany(static type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)).ToList();
        foreach (var child in configuration.GetChildren())
        {
            var readers = properties.Where(property => IsSame(NameOf(property), child.Key)).Select(static property => property.PropertyType).Distinct().ToList();
            var key = prefix + child.Key;
            var unknown = readers.Count == 0
                ? [new UnknownKey(key, [.. properties.Select(NameOf).Distinct(StringComparer.OrdinalIgnoreCase)])]
                : UnknownBelow(child, readers, key);
            foreach (var one in unknown)
            {
                yield return one;
            }
        }
    }

    private static IEnumerable<UnknownKey> UnknownBelow(IConfigurationSection section, List<Type> readers, string key)
    {
        // One that takes any text, or whatever there is, knows all below.
        if (readers.Exists(IsOpen))
        {
            return [];
        }

        var elements = readers.Select(ElementOf).ToList();
        return elements.TrueForAll(static element => element is null)
            ? UnknownIn(section, readers, key + ":")
            : section.GetChildren().SelectMany(item => UnknownBelow(item, [.. elements.OfType<Type>()], $"{key}:{item.Key}"));
    }

    private static string NameOf(PropertyInfo property) =>
        property.GetCustomAttribute<ConfigurationKeyNameAttribute>()?.Name ?? property.Name;

    private static bool IsOpen(Type type) =>
        type == typeof(object) || typeof(IConfiguration).IsAssignableFrom(type) || TypeDescriptor.GetConverter(type).CanConvertFrom(typeof(string));

    /// <summary>What a list or the values of a dictionary hold; null for another type.</summary>
    private static Type? ElementOf(Type type)
    {
        var element = type.GetInterfaces().Append(type)
            .FirstOrDefault(static one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(IEnumerable<>))?.GenericTypeArguments[0];
        return element is { IsGenericType: true } && element.GetGenericTypeDefinition() == typeof(KeyValuePair<,>) ? element.GenericTypeArguments[1] : element;
    }
}

/// <summary>A key that nobody reads.</summary>
/// <param name="Key">The key, from the section on: "tls:kee_file".</param>
/// <param name="Known">The keys known at that place.</param>
internal sealed record UnknownKey(string Key, IReadOnlyList<string> Known);
