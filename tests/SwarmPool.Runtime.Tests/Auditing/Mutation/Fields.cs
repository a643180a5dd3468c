using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using SwarmPool.Core.Pool;
using SwarmPool.Identity;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Auditing.Mutation;

/// <summary>What one field becomes.</summary>
/// <param name="Field">The field: "Type.Property", the innermost.</param>
/// <param name="How">How it is changed.</param>
/// <param name="Value">The whole with that field changed.</param>
internal readonly record struct Changed(string Field, string How, object? Value);

/// <summary>Changes each field of records, found by reflection: one that is added later is changed without anybody thinking of it.</summary>
internal sealed class Fields
{
    private static readonly NullabilityInfoContext Nullability = new();

    private readonly Dictionary<string, List<object>> seen = new(StringComparer.Ordinal);

    /// <summary>Looks at what there is, so that a field becomes what it is elsewhere.</summary>
    public void Learn(object? value)
    {
        if (value is null || IsLeaf(value.GetType()))
        {
            return;
        }

        if (value is IEnumerable items)
        {
            foreach (var item in items)
            {
                Learn(item);
            }

            return;
        }

        Keep(value.GetType().Name, value);
        foreach (var property in Of(value.GetType()))
        {
            if (property.GetValue(value) is { } member)
            {
                Keep(IsLeaf(member.GetType()) ? Name(member, property.Name) : member.GetType().Name, member);
                Learn(member);
            }
        }

        if (value is SignedSnapshot signed)
        {
            Learn(signed.Body);
        }
    }

    /// <summary>A value with each of its fields changed, one at a time.</summary>
    public IEnumerable<Changed> Change(object value)
    {
        if (value is SignedSnapshot signed)
        {
            return Change(signed.Body).Select(one => one with { Value = Again((Snapshot)one.Value!) });
        }

        return Of(value.GetType()).SelectMany(property => Member(property, value));
    }

    /// <summary>The fields that can be changed of a type and of all that it is made of.</summary>
    public static IEnumerable<string> Known(Type type, HashSet<Type> done)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (ItemOf(type) is { } item)
        {
            return Known(item, done);
        }

        return IsLeaf(type) || type.IsAbstract || !done.Add(type)
            ? []
            : Of(type).SelectMany(property => IsChanged(property) ? Known(property.PropertyType, done).Prepend($"{type.Name}.{property.Name}") : Known(property.PropertyType, done));
    }

    private static IEnumerable<PropertyInfo> Of(Type type) => type
        .GetProperties(BindingFlags.Instance | BindingFlags.Public)
        .Where(static property => property is { CanRead: true, CanWrite: true } && property.GetIndexParameters().Length == 0);

    // What is made of fields, and has to be there, is changed by changing these.
    private static bool IsChanged(PropertyInfo property) =>
        IsLeaf(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) || ItemOf(property.PropertyType) is not null || Nullability.Create(property).WriteState == NullabilityState.Nullable;

    // Signed by who signed it, whatever it says now.
    private static SignedSnapshot Again(Snapshot body)
    {
        var bytes = SnapshotCodec.Canonical(body);
        return SnapshotCodec.TryDecode(bytes, out var read, out _) ? read : new SignedSnapshot(body, bytes, default);
    }

    private IEnumerable<Changed> Member(PropertyInfo property, object owner)
    {
        var (field, value) = ($"{owner.GetType().Name}.{property.Name}", property.GetValue(owner));
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (value is not null && Nullability.Create(property).WriteState == NullabilityState.Nullable)
        {
            yield return new Changed(field, "absent", With(owner, property, null));
        }

        foreach (var (how, other) in ItemOf(type) is { } item ? value is null ? AbsentList(item) : Lists(value) : IsLeaf(type) ? Leaves(type, value, property.Name) : Whole(type, value))
        {
            yield return new Changed(field, how, With(owner, property, other));
        }

        if (value is null || IsLeaf(type))
        {
            yield break;
        }

        foreach (var inner in value is IEnumerable ? Items((IList)value) : Change(value))
        {
            yield return inner with { Value = With(owner, property, inner.Value) };
        }
    }

    private IEnumerable<(string, object?)> Whole(Type type, object? value) =>
        value is null ? seen.GetValueOrDefault(type.Name, []).Take(1).Select(static other => ("present", (object?)other)) : [];

    private static IEnumerable<(string, object?)> AbsentList(Type item) => item == typeof(Payee) ? [("present", new[] { new Payee(Thief.Name, TestKeys.Of(Thief.Name).Address) })]
        : item == typeof(PayoutItem) ? [("present", new[] { new PayoutItem(Thief.Name, TestKeys.Of(Thief.Name).Address, Usdc.FromMicro(1)) })]
        : item == typeof(StruckWork) ? [("present", new[] { new StruckWork(TestKeys.Of(Messages.Miner(1)).Address, Messages.Model, long.MaxValue) })]
        : item == typeof(Cid) ? [("present", new[] { Messages.AnyCid("present") })]
        : item == typeof(CheckKind) ? [("present", new[] { new CheckKind("image-classification", SwarmPool.Snapshots.CheckKinds.Score) })]
        : item == typeof(ScoreCalibration) ? [("present", new[] { new ScoreCalibration(Messages.Model, CheckBench.Class, CheckBench.Class, 100, new ScoreLimits(1, 1, 1)) })]
        : item == typeof(ModelPriceItem) ? [("present", new[] { new ModelPriceItem(Messages.Model, new JobRates { Base = 1, Pictures = 1 }) })]
        : item == typeof(PoolModel) ? [("present", new[] { new PoolModel("another-model", Messages.AnyCid("a pack")) })]
        : item == typeof(ModelOffer) ? [("present", new[] { new ModelOffer(Messages.Model) { MinPrice = Usdc.FromMicro(1), JobMilliseconds = 1 } })]
        : throw new InvalidOperationException($"Nobody has said what an absent list of {item.Name} becomes.");

    private static IEnumerable<(string, object?)> Lists(object value)
    {
        var list = (IList)value;
        var all = list.Cast<object>().ToList();
        if (all.Count > 0)
        {
            yield return ("dropped", Make(value, all.Skip(1)));
            yield return ("repeated", Make(value, all.Prepend(all[0])));
        }

        if (all.Count > 1)
        {
            yield return ("turned", Make(value, Enumerable.Reverse(all)));
        }
    }

    private IEnumerable<Changed> Items(IList list)
    {
        var all = list.Cast<object>().ToList();
        for (var i = 0; i < all.Count; i++)
        {
            var changed = IsLeaf(all[i].GetType())
                ? Leaves(all[i].GetType(), all[i], "item").Select(other => new Changed($"{all[i].GetType().Name}", other.How, other.Value))
                : Change(all[i]);
            foreach (var one in changed)
            {
                yield return one with { Value = Make(list, all.Select((item, at) => at == i ? one.Value! : item)) };
            }
        }
    }

    private IEnumerable<(string How, object? Value)> Leaves(Type type, object? value, string name)
    {
        IEnumerable<(string How, object? Value)> some = value switch
        {
            Usdc amount => [("+1", Micro(amount.Micro + 1)), ("-1", Micro(amount.Micro - 1)), ("x2", Micro(amount.Micro * 2))],
            long number => [("+1", number + 1), ("-1", number - 1), ("x2", number * 2), ("far", number + 7_200_000)],
            int number => [("+1", number + 1), ("-1", number - 1), ("x2", number * 2)],
            bool flag => [("flipped", !flag)],
            string { Length: > 0 } text => [("another", text[..^1] + (text[^1] == '1' ? '2' : '1')), ("empty", "")],
            string => [("another", "1")],
            EnsName => [("thief's", Thief.Name)],
            EthAddress => [("thief's", TestKeys.Of(Thief.Name).Address)],
            Cid => [("unknown", Messages.AnyCid("unknown"))],
            Enum => Enum.GetValues(type).Cast<object>().Select(static one => ("another", (object?)one)),
            null => Absent(type),
            _ => throw new InvalidOperationException($"Nobody has said how a {type.Name} is changed."),
        };
        var others = seen.GetValueOrDefault(value is null ? $"{type.Name} {name}" : Name(value, name), []).Where(other => other.GetType() == type && !other.Equals(value)).Distinct().Take(2)
            .Select(static (other, i) => (How: $"as elsewhere {i + 1}", Value: (object?)other));
        return some.Concat(others).Where(one => one.Value is not null && !one.Value.Equals(value));
    }

    private static IEnumerable<(string, object?)> Absent(Type type) => type == typeof(bool) ? [("true", true), ("false", false)]
        : type == typeof(long) ? [("present", 1L)]
        : type == typeof(int) ? [("present", 2)]
        : type == typeof(string) ? [("present", "present")]
        : type == typeof(Usdc) ? [("present", Usdc.FromMicro(1))]
        : type == typeof(Cid) ? [("present", Messages.AnyCid("present"))]
        : type == typeof(EnsName) ? [("present", Thief.Name)]
        : type == typeof(EthAddress) ? [("present", TestKeys.Of(Thief.Name).Address)]
        : throw new InvalidOperationException($"Nobody has said what an absent {type.Name} becomes.");

    private static Usdc? Micro(long micro) => micro is >= 0 and <= Usdc.MaxMicro ? Usdc.FromMicro(micro) : null;

    private static object Make(object like, IEnumerable<object> items)
    {
        var item = ItemOf(like.GetType())!;
        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(item))!;
        foreach (var one in items)
        {
            list.Add(one);
        }

        return list;
    }

    private static object With(object owner, PropertyInfo property, object? value)
    {
        var clone = owner.GetType().IsValueType ? RuntimeHelpers.GetObjectValue(owner)! : owner.GetType().GetMethod("<Clone>$")!.Invoke(owner, null)!;
        property.SetValue(clone, value);
        return clone;
    }

    private void Keep(string name, object value)
    {
        if (!seen.TryGetValue(name, out var values))
        {
            seen.Add(name, values = []);
        }

        if (values.Count < 200)
        {
            values.Add(value);
        }
    }

    private static string Name(object value, string name) => $"{value.GetType().Name} {name}";

    private static bool IsLeaf(Type type) => type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(Usdc) || type == typeof(EnsName) || type == typeof(EthAddress) || type == typeof(Cid);

    private static Type? ItemOf(Type type) => type == typeof(string) ? null
        : type.IsArray ? type.GetElementType()
        : type.GetInterfaces().Append(type).FirstOrDefault(static one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))?.GetGenericArguments()[0];
}
