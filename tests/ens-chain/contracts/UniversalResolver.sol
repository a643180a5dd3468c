// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;

interface IRegistry {
    function resolver(bytes32 node) external view returns (address);
}

/// A small resolver with the Universal Resolver's function and errors: it finds a name's resolver, above the name too, calls it,
/// and hands on what it asks from outside the chain (EIP-3668) in its own name.
contract UniversalResolver {
    error ResolverNotFound(bytes name);
    error ResolverNotContract(bytes name, address resolver);
    error ResolverError(bytes errorData);
    error OffchainLookup(address sender, string[] urls, bytes callData, bytes4 callbackFunction, bytes extraData);

    IRegistry immutable registry;

    constructor(IRegistry registry_) {
        registry = registry_;
    }

    function resolve(bytes calldata name, bytes calldata call) external view returns (bytes memory, address) {
        (address resolver, uint256 offset) = find(name);
        if (resolver == address(0)) revert ResolverNotFound(name);
        if (resolver.code.length == 0) revert ResolverNotContract(name, resolver);
        bool extended = isExtended(resolver);
        if (!extended && offset != 0) revert ResolverNotFound(name);
        (bool ok, bytes memory answer) = resolver.staticcall(
            extended ? abi.encodeWithSelector(0x9061b923, name, call) : call
        );
        if (!ok) fail(resolver, extended, answer);
        return (extended ? abi.decode(answer, (bytes)) : answer, resolver);
    }

    function callback(bytes calldata response, bytes calldata extraData) external view returns (bytes memory, address) {
        (address resolver, bool extended, bytes4 inner, bytes memory extra) = abi.decode(extraData, (address, bool, bytes4, bytes));
        (bool ok, bytes memory answer) = resolver.staticcall(abi.encodeWithSelector(inner, response, extra));
        if (!ok) fail(resolver, extended, answer);
        return (extended ? abi.decode(answer, (bytes)) : answer, resolver);
    }

    function fail(address resolver, bool extended, bytes memory answer) private view {
        if (bytes4(answer) != OffchainLookup.selector) revert ResolverError(answer);
        bytes memory body = new bytes(answer.length - 4);
        for (uint256 i = 0; i < body.length; i++) body[i] = answer[i + 4];
        (address sender, string[] memory urls, bytes memory callData, bytes4 inner, bytes memory extra) =
            abi.decode(body, (address, string[], bytes, bytes4, bytes));
        if (sender != resolver) revert ResolverError(answer);
        revert OffchainLookup(address(this), urls, callData, this.callback.selector, abi.encode(resolver, extended, inner, extra));
    }

    function isExtended(address resolver) private view returns (bool) {
        (bool ok, bytes memory answer) = resolver.staticcall{gas: 30000}(abi.encodeWithSelector(0x01ffc9a7, bytes4(0x9061b923)));
        return ok && answer.length == 32 && abi.decode(answer, (uint256)) == 1;
    }

    function find(bytes calldata name) private view returns (address, uint256) {
        for (uint256 offset = 0; offset < name.length && uint8(name[offset]) != 0; offset += 1 + uint8(name[offset])) {
            address resolver = registry.resolver(hash(name, offset));
            if (resolver != address(0)) return (resolver, offset);
        }
        return (address(0), 0);
    }

    function hash(bytes calldata name, uint256 offset) private pure returns (bytes32) {
        uint256 length = uint8(name[offset]);
        if (length == 0) return bytes32(0);
        return keccak256(abi.encodePacked(hash(name, offset + 1 + length), keccak256(name[offset + 1:offset + 1 + length])));
    }
}
