//! Rules for variables: their definitions, and their uses in an operation and the fragments that it spreads.

use apollo_compiler::{
    Name, Node,
    ast::{DirectiveList, FragmentDefinition, Selection, Type, Value as Literal, VariableDefinition},
    schema::ExtendedType,
};

use super::{literals, walker::Walker};

impl<'a> Walker<'a> {
    pub(super) fn definitions(&mut self, variables: &'a [Node<VariableDefinition>]) {
        for variable in variables {
            let name = variable.ty.inner_named_type();
            let known = self.schema.types.get(name);
            let takes_input = known.is_some_and(|ty| {
                matches!(
                    ty,
                    ExtendedType::Scalar(_) | ExtendedType::Enum(_) | ExtendedType::InputObject(_)
                )
            });
            if let Some(default) = variable.default_value.as_ref().filter(|_| takes_input)
                && literals::check(self.schema, &variable.ty, default, &mut self.found.too_deep).is_err()
            {
                let message = format!(
                    "Bad default value {} for type {}",
                    literals::text(default),
                    variable.ty
                );
                self.add("BadValueForDefaultArg", variable.location(), &message);
            }
            if known.is_none() {
                self.add("UnknownType", name.location(), &format!("Unknown type {name}"));
            } else if !takes_input {
                self.add(
                    "NonInputTypeOnVariable",
                    variable.location(),
                    "Wrong type for a variable",
                );
            }
        }
    }

    pub(super) fn check_unused(&mut self) {
        let Some(variables) = &self.variables else { return };
        let unused: Vec<&Node<VariableDefinition>> = variables
            .in_order
            .iter()
            .filter(|variable| !variables.used.contains(variable.name.as_str()))
            .collect();
        for variable in unused {
            let message = format!("Unused variable {}", variable.name);
            self.add("UnusedVariable", variable.location(), &message);
        }
    }

    /// Checks the variables in a literal; `ty` is `None` if the literal's type is unknown.
    pub(super) fn references(&mut self, value: &'a Node<Literal>, ty: Option<&'a Type>) {
        match &**value {
            Literal::Variable(name) => self.reference(value, name, ty),
            Literal::List(items) => {
                let item_type = ty.filter(|ty| ty.is_list()).map(Type::item_type);
                for item in items {
                    self.references(item, item_type);
                }
            }
            Literal::Object(members) => {
                let input = ty.and_then(|ty| self.schema.get_input_object(ty.inner_named_type()));
                for (name, member) in members {
                    let field = input.and_then(|input| input.fields.get(name));
                    self.references(member, field.map(|field| &*field.ty));
                }
            }
            _ => {}
        }
    }

    fn reference(&mut self, value: &Node<Literal>, name: &'a Name, ty: Option<&'a Type>) {
        // Uses in a fragment are checked for each operation that spreads it.
        let Some(variables) = &mut self.variables else {
            return;
        };
        variables.used.insert(name);
        let Some(variable) = variables.defined.get(name.as_str()).copied() else {
            return self.add(
                "UndefinedVariable",
                value.location(),
                &format!("Undefined variable {name}"),
            );
        };
        let Some(ty) = ty.filter(|_| self.schema.types.contains_key(variable.ty.inner_named_type())) else {
            return;
        };
        // A variable with a default can't be null.
        let given = match &variable.default_value {
            Some(default) if !default.is_null() => variable.ty.as_ref().clone().non_null(),
            _ => variable.ty.as_ref().clone(),
        };
        if !given.is_assignable_to(ty) {
            let message = format!("Variable type '{given}' doesn't match expected type '{ty}'");
            self.add("VariableTypeMismatch", value.location(), &message);
        }
    }

    /// Checks the variables that a fragment uses, directly or in nested fragments.
    pub(super) fn follow(&mut self, fragment: &'a FragmentDefinition) {
        let name = fragment.name.as_str();
        let Some(variables) = &mut self.variables else {
            return;
        };
        if variables.followed.insert(name) {
            self.used.insert(name);
            self.path.push(name);
            self.follow_directives(&fragment.directives);
            self.follow_selections(&fragment.selection_set, Some(&fragment.type_condition));
            self.path.pop();
        }
    }

    fn follow_selections(&mut self, selections: &'a [Selection], parent: Option<&'a str>) {
        for selection in selections {
            match selection {
                Selection::Field(field) => {
                    self.path.push(&field.name);
                    let definition =
                        parent.and_then(|parent| self.schema.type_field(parent, &field.name).ok());
                    for argument in &field.arguments {
                        let defined =
                            definition.and_then(|definition| definition.argument_by_name(&argument.name));
                        self.references(&argument.value, defined.map(|defined| &*defined.ty));
                    }
                    self.follow_directives(&field.directives);
                    let ty = definition.map(|definition| definition.ty.inner_named_type().as_str());
                    self.follow_selections(&field.selection_set, ty);
                    self.path.pop();
                }
                Selection::InlineFragment(inline) => {
                    self.follow_directives(&inline.directives);
                    let condition = inline.type_condition.as_ref().map(Name::as_str);
                    self.follow_selections(&inline.selection_set, condition.or(parent));
                }
                Selection::FragmentSpread(spread) => {
                    self.follow_directives(&spread.directives);
                    if let Some(fragment) = self.fragments.get(spread.fragment_name.as_str()).copied() {
                        self.follow(fragment);
                    }
                }
            }
        }
    }

    fn follow_directives(&mut self, directives: &'a DirectiveList) {
        for directive in directives {
            let definition = self.schema.directive_definitions.get(&directive.name);
            for argument in &directive.arguments {
                let defined = definition.and_then(|definition| definition.argument_by_name(&argument.name));
                self.references(&argument.value, defined.map(|defined| &*defined.ty));
            }
        }
    }
}
